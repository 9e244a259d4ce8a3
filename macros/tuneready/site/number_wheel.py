"""The part of python-stdnum that the browser needs, as a wheel: a few of its modules, unchanged.

Check digits of accounts, cards and citizen numbers take 13 of its 356 files. They are copied as they
are installed here, with the licence (LGPL 2.1 or later) that they come under.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

PACKAGE = "python-stdnum"
# What `dataset.detectors.numbers` imports, and what those modules import in turn.
MODULES = (
    "stdnum/__init__.py",
    "stdnum/exceptions.py",
    "stdnum/iban.dat",
    "stdnum/iban.py",
    "stdnum/iso7064/__init__.py",
    "stdnum/iso7064/mod_97_10.py",
    "stdnum/luhn.py",
    "stdnum/nl/__init__.py",
    "stdnum/nl/bsn.py",
    "stdnum/nl/btw.py",
    "stdnum/nl/postcode.py",
    "stdnum/numdb.py",
    "stdnum/util.py",
)
_WHEEL = "Wheel-Version: 1.0\nGenerator: tuneready\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file holds: the same bytes on every day


def sources() -> list[Path]:
    """Return the installed files that go into the wheel."""
    installed = distribution(PACKAGE)
    return [Path(str(installed.locate_file(name))) for name in (*MODULES, _licence())]


def write_number_wheel(folder: Path) -> Path:
    """Write the wheel into `folder` and return its path."""
    version = distribution(PACKAGE).version
    info = f"python_stdnum-{version}.dist-info"
    names = [*MODULES, f"{info}/licenses/COPYING"]
    files = {name: path.read_bytes() for name, path in zip(names, sources(), strict=True)}
    metadata = (
        f"Metadata-Version: 2.4\nName: {PACKAGE}\nVersion: {version}\n"
        "License-Expression: LGPL-2.1-or-later\nLicense-File: COPYING\n"
        "Summary: The modules of python-stdnum that check accounts, cards and citizen numbers\n"
    )
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    record = "".join(f"{name},{_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    wheel = folder / f"python_stdnum-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    return wheel


def _licence() -> str:
    found = [str(file) for file in distribution(PACKAGE).files or () if file.name == "COPYING"]
    return found[0]


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.decode().rstrip('=')}"
