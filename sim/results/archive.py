"""A folder of results as one file for a repository: a zip with all that its numbers can be made again from.

It is a research object by RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): `ro-crate-metadata.json` says of each file what
it is, and how the results were made.
"""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sim.errors import ResultsError
from sim.results import posteriors
from sim.results.folder import whole
from sim.results.manifest import digest
from sim.results.saved import Saved
from sim.scenario.posterior import netcdf

METADATA, LOCK = "ro-crate-metadata.json", "constraints.txt"
#: What a file is, by the end of its name.
FORMATS = {
    ".csv": "text/csv", ".gif": "image/gif", ".html": "text/html", ".json": "application/json", ".mp4": "video/mp4",
    ".nc": "application/netcdf", ".pdf": "application/pdf", ".png": "image/png", ".svg": "image/svg+xml",
    ".txt": "text/plain", ".yaml": "application/yaml",
}  # fmt: skip
EARLIEST = datetime.date(1980, 1, 1)  # that a zip can tell
MODE = 0o644 << 16  # where a zip keeps it: a file that all may read


def archive(folder: Path) -> Path:
    """Writes `NAME.zip` beside a folder of results, whole or not at all, and returns where.

    The same folder gives the same bytes: all in it is dated by the day on which its manifest was written. Raises
    ResultsError for a folder that is none of results, that is not as its manifest says, or whose posterior is lost.
    """
    saved = Saved.read(folder)
    if wrong := saved.differences():
        raise ResultsError(f"{folder} is not as it was written, so it is not archived: {'; '.join(wrong)}")
    place = folder.resolve()
    written = (place / "manifest.json").stat().st_mtime
    day = max(datetime.datetime.fromtimestamp(written, datetime.UTC).date(), EARLIEST)
    path = place.parent / f"{saved.folder_name}.zip"
    files = _files(saved, place)
    files[METADATA] = _encoded(_metadata(saved, files, day))
    try:
        with whole(path) as into, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in sorted(files.items()):
                # At midday, it is the same day in the time zone of whoever unpacks it.
                entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
                entry.external_attr, entry.compress_type, entry.create_system = MODE, zipfile.ZIP_DEFLATED, 3
                made.writestr(entry, content)
    except OSError as error:
        raise ResultsError(f"cannot write to {path}: {error.strerror}") from None
    return path


def _files(saved: Saved, place: Path) -> dict[str, bytes]:
    """What goes in besides the metadata: as it lies, `sim verify` finds the posterior beside the unpacked folder."""
    inside = {f"{saved.folder_name}/{name}": saved.file(name) for name in saved.digests}
    inside[f"{saved.folder_name}/manifest.json"] = (place / "manifest.json").read_bytes()
    inside[f"{saved.manifest['scenario']['name']}.yaml"] = saved.manifest["scenario"]["text"].encode()
    if drawn_from := saved.manifest.get("posterior"):
        particles = posteriors.find(drawn_from, place.parent)
        inside[f"{posteriors.KEPT}/{drawn_from}.nc"] = netcdf(particles)
    versions = dict(saved.manifest["versions"])
    versions["policy-debate-sim"] = versions.pop("sim", "")
    lines = [f"# Python {versions.pop('python', 'of a version not known')}"]
    lines += [f"{name}=={version}" for name, version in sorted(versions.items()) if version[:1].isdigit()]
    return inside | {LOCK: ("\n".join(lines) + "\n").encode()}


def _encoded(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _reference(name: str) -> dict[str, str]:
    """A file or a thing as others refer to it: as a part of an address."""
    return {"@id": quote(name, safe="/#+.")}


def _metadata(saved: Saved, files: Mapping[str, bytes], day: datetime.date) -> dict[str, Any]:
    """What the files are and how they were made, as JSON-LD."""
    results = [name for name in files if name.startswith(f"{saved.folder_name}/")]
    given = [name for name in files if name not in (*results, LOCK)]
    numbers = {"seed": saved.seed, "runs": saved.runs}
    graph: list[dict[str, Any]] = [
        {
            **_reference(METADATA),
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": saved.folder_name,
            "description": f"{saved.about}. Unpacked, `sim verify {saved.folder_name} --rerun` checks every file and "
            "makes all again.",
            "datePublished": day.isoformat(),
            "license": _reference("#licence"),
            "hasPart": [_reference(name) for name in sorted(files)],
            "mentions": _reference("#made"),
        },
        {
            **_reference("#licence"),
            "@type": "CreativeWork",
            "name": "No licence is named",
            "description": "Whoever publishes these results says what others may do with them.",
        },
        {
            **_reference("#made"),
            "@type": "CreateAction",
            "name": saved.about,
            "instrument": _reference("#sim"),
            "object": [_reference(name) for name in (*given, *(f"#{name}" for name in numbers))],
            "result": [_reference(name) for name in results],
        },
        {
            **_reference("#sim"),
            "@type": "SoftwareApplication",
            "name": "policy-debate-sim",
            "softwareVersion": saved.manifest["versions"].get("sim", ""),
            "softwareRequirements": _reference(LOCK),
        },
        *(
            {**_reference(f"#{name}"), "@type": "PropertyValue", "name": name, "value": value}
            for name, value in numbers.items()
        ),
        *(_about_file(name, content) for name, content in sorted(files.items())),
    ]
    # The context of RO-Crate 1.1 has no word for a digest.
    context = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
    return {"@context": context, "@graph": graph}


def _about_file(name: str, content: bytes) -> dict[str, Any]:
    about = {**_reference(name), "@type": "File", "name": name, "contentSize": str(len(content))}
    known = FORMATS.get(Path(name).suffix)
    return {**about, "sha256": digest(content)} | ({"encodingFormat": known} if known else {})
