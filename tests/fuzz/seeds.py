"""Makes the inputs that the fuzzers begin with, from the sheets, results and pictures of the tests:

    python3 tests/fuzz/seeds.py

writes tests/fuzz/corpus/{text,workbook,picture}/, which is kept out of git.
"""

import hashlib
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
MARK = b"\n====\n"
LONGEST = 200_000
XLSX = ["worksheets/sheet1.xml", "sharedStrings.xml", "styles.xml", "drawings/drawing1.xml", "cellimages.xml", "workbook.xml"]
XLSB = ["worksheets/sheet1.bin", "sharedStrings.bin", "styles.bin", "workbook.bin"]


def keep(target, seed):
    if len(seed) <= LONGEST:
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


def parts(archive, names):
    held = {name.removeprefix("xl/"): name for name in archive.namelist()}
    return MARK.join(archive.read(held[name]) if name in held else b"" for name in names)


for path in [*ROOT.glob("samples/*"), *ROOT.glob("tests/fixtures/**/*")]:
    kind, data = path.suffix, path.read_bytes() if path.is_file() else b""
    try:
        if kind in {".xlsx", ".xlsm", ".xltx"}:
            with zipfile.ZipFile(path) as archive:
                keep("workbook", b"\0" + parts(archive, XLSX))
        elif kind == ".xlsb":
            with zipfile.ZipFile(path) as archive:
                keep("workbook", b"\1" + parts(archive, XLSB))
        elif kind == ".ods":
            with zipfile.ZipFile(path) as archive:
                keep("workbook", b"\2" + parts(archive, ["content.xml", "styles.xml"]))
        elif kind == ".xls":
            keep("workbook", b"\3" + data)
        elif kind in {".csv", ".tsv", ".txt"}:
            keep("text", b"\0" + data)
            keep("text", b"\1" + data)
        elif kind in {".jpg", ".png", ".gif", ".webp", ".bmp"}:
            keep("picture", data)
    except (zipfile.BadZipFile, RuntimeError):
        pass  # Some are broken on purpose.
