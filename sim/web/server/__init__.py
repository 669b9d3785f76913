"""The explorer on this machine: requests checked and bounded, controls turned into changes, answers as JSON.

It answers nobody but the page that it sent itself, and keeps nothing but the answers of late.
"""
