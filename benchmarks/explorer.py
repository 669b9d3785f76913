"""How soon the explorer answers: the first page, a scrub, a comparison. `python -m benchmarks.explorer`.

Measured in a browser on this machine, with whatever else runs on it. A comparison is asked with another seed each time,
so that none is answered from what is kept.
"""

from __future__ import annotations

import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Page, sync_playwright

import sim
from sim.web.server.app import application
from sim.web.server.serving import Place, listening

ROUNDS = 5
BROWSERS = ("chromium-headless-shell", "chromium")

#: Scrubs through every day, one a frame, and returns the milliseconds between frames.
SCRUB = """() => new Promise((done) => {
    const scrub = document.getElementById('scrub'), times = [];
    let day = Number(scrub.min);
    const frame = (now) => {
        times.push(now);
        if (day > Number(scrub.max)) { done(times.slice(1).map((time, i) => time - times[i])); return; }
        scrub.value = day++;
        scrub.dispatchEvent(new Event('input'));
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""


@contextmanager
def served() -> Iterator[str]:
    """The address of the explorer of the first debate, warm."""
    made = listening(Place("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(sim.load("monopoly-1922")), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [made]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://localhost:{made.getsockname()[1]}/"
    server.should_exit = True
    thread.join()


def first_view(page: Page, address: str) -> float:
    """Seconds from the request to a page that shows the debate."""
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    return time.perf_counter() - began


def comparison(page: Page, address: str, seed: int) -> float:
    """Seconds from the press of the button to both worlds on the page."""
    page.goto("about:blank")
    page.goto(f"{address}#seed={seed}")
    page.wait_for_selector("body[data-ready]")
    page.locator("#on-lenin-letter-1922-10-13").uncheck()
    page.locator("#compare").click()
    page.wait_for_selector("body[data-compared]", timeout=120_000)
    return float(page.evaluate("document.body.dataset.compared")) / 1000


def main() -> None:
    """Measures and prints."""
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with served() as address, sync_playwright() as started:
        page = started.chromium.launch(executable_path=program).new_page(viewport={"width": 1280, "height": 900})
        views = [first_view(page, address) for _ in range(ROUNDS)]
        frames = sorted(page.evaluate(SCRUB))
        compared = [comparison(page, address, seed) for seed in range(ROUNDS)]
    print(f"first view: {statistics.median(views):.2f} s (median of {ROUNDS}, worst {max(views):.2f})")
    rate, slow = 1000 / statistics.median(frames), frames[int(len(frames) * 0.95)]
    print(f"scrubbing: {rate:.0f} frames a second (95 % of frames within {slow:.0f} ms)")
    print(f"10,000 histories compared: {statistics.median(compared):.2f} s (median, worst {max(compared):.2f})")


if __name__ == "__main__":
    main()
