//! Covers as a person meets them: `check` and `import` over a folder with pictures.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use image::ImageFormat;
use serde_json::Value;
use tempfile::TempDir;

use super::book::{Book, pic, two_cells};
use super::make::{file, half_transparent, quarters, with_orientation};

const HEADINGS: &str = "name,cover,price,url,sku\n";

/// A shop's folder: pictures of each kind, and one sheet over them.
struct Shop(TempDir);

impl Shop {
    fn with(covers: &[&str]) -> Self {
        let shop = Self(tempfile::tempdir().expect("a folder"));
        shop.put("img/photo.jpg", &with_orientation(&file(&quarters(900, 600), ImageFormat::Jpeg), 6));
        shop.put("img/copy.jpg", &fs::read(shop.path().join("img/photo.jpg")).expect("a picture"));
        shop.put("img/small.png", &file(&quarters(120, 90), ImageFormat::Png));
        shop.put("img/glass.webp", &file(&half_transparent(400, 400), ImageFormat::WebP));
        shop.put("img/cut.png", &file(&quarters(500, 500), ImageFormat::Png)[..400]);
        shop.put("img/page.jpg", b"<!doctype html><title>404</title>");
        let rows: Vec<String> = (1..)
            .zip(covers)
            .map(|(row, cover)| format!("正山小种 {row} 号,{cover},99.5,pages/tea?id={row},T-{row}\n"))
            .collect();
        shop.put("goods.csv", format!("{HEADINGS}{}", rows.concat()).as_bytes());
        shop
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn run(&self, words: &[&str]) -> (i32, String, String) {
        let output = Command::cargo_bin("livegoods")
            .expect("the binary")
            .env_clear()
            .current_dir(self.path())
            .args(words)
            .args(["--no-progress"])
            .timeout(std::time::Duration::from_secs(60))
            .output()
            .expect("a run");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    fn import(&self, words: &[&str]) -> (i32, Value) {
        let base = ["import", "goods.csv", "--sandbox", "--state", "state", "--json", "--rate", "0"];
        let (code, out, err) = self.run(&[&base, words].concat());
        (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("one object: {out} {err}")))
    }

    /// Of each row: its outcome, the code of its note, and its coverDigest.
    fn results(&self) -> Vec<(String, String, String)> {
        let path = self.path().join("reports/goods.sandbox.results.csv");
        let mut reader = csv::Reader::from_path(path).expect("results");
        let headings = reader.headers().expect("headings").clone();
        let at = |name: &str| headings.iter().position(|heading| heading == name).expect("a column");
        let (outcome, note, digest) = (at("outcome"), at("note"), at("coverDigest"));
        let code = |note: &str| note.split(':').next().unwrap_or_default().to_owned();
        reader
            .records()
            .map(|row| row.expect("a row"))
            .map(|row| (row[outcome].to_owned(), code(&row[note]), row[digest].to_owned()))
            .collect()
    }

    /// Uploads counted so far.
    fn uploads(&self) -> u64 {
        let (_, out, err) = self.run(&["quota", "--sandbox", "--state", "state", "--json"]);
        let told: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("one object: {out} {err}"));
        let buckets = told["buckets"].as_array().expect("buckets");
        let media = buckets.iter().find(|bucket| bucket["bucket"] == "media").expect("media");
        media["spent"].as_u64().expect("a number")
    }
}

#[test]
fn check_names_every_cover_that_cannot_be_had() {
    let shop = Shop::with(&[
        "img/photo.jpg",
        "img/none.jpg",
        "img/cut.png",
        "img/page.jpg",
        "../secret.jpg",
        "https://cdn.example.com/a.png",
        "http://127.0.0.1/a.png",
        "http://[::1/a.png",
        "SANDBOX-COVER-IMAGE-01",
        "img",
        "img/",
    ]);
    let (code, out, _) = shop.run(&["check", "goods.csv"]);
    let heads: Vec<&str> = out.lines().filter(|line| line.starts_with("goods.csv:")).collect();
    let heads: Vec<String> =
        heads.iter().map(|line| line.split(": ").take(3).collect::<Vec<_>>().join(": ")).collect();
    assert_eq!(
        heads,
        [
            "goods.csv:3: cover: cover-file-missing",
            "goods.csv:4: cover: cover-damaged",
            "goods.csv:5: cover: cover-not-picture",
            "goods.csv:6: cover: cover-file-outside",
            "goods.csv:8: cover: cover-address-private",
            "goods.csv:9: cover: cover-address-malformed",
            "goods.csv:11: cover: cover-unknown",
            "goods.csv:12: cover: cover-file-unreadable",
        ],
        "{out}"
    );
    assert_eq!(code, 1);
}

#[test]
fn every_kind_of_file_is_imported_and_one_picture_is_uploaded_once() {
    let shop = Shop::with(&[
        "img/photo.jpg",
        "img/copy.jpg",
        "img/photo.jpg",
        "img/small.png",
        "img/glass.webp",
        "SANDBOX-COVER-IMAGE-01",
    ]);
    let (code, summary) = shop.import(&[]);
    assert_eq!((code, &summary["ok"]), (0, &6.into()), "{summary}");
    assert_eq!(shop.uploads(), 3, "the photo three times, the small one and the glass");
    let digests: Vec<String> = shop.results().into_iter().map(|(.., digest)| digest).collect();
    assert_eq!(digests[0], digests[1]);
    assert_ne!(digests[0], digests[3]);
    assert!(digests[0].starts_with("picture.") && digests[5].starts_with("id."), "{digests:?}");
}

#[test]
fn a_cover_that_cannot_be_had_makes_its_row_invalid_and_is_judged_anew() {
    let shop = Shop::with(&["img/photo.jpg", "img/none.jpg", "img/cut.png", "http://127.0.0.1:9/a.png"]);
    let (code, summary) = shop.import(&[]);
    assert_eq!((code, &summary["ok"], &summary["invalid"]), (1, &1.into(), &3.into()));
    let codes: Vec<(String, String)> =
        shop.results().into_iter().map(|(outcome, code, _)| (outcome, code)).collect();
    let invalid = |code: &str| ("invalid".to_owned(), code.to_owned());
    assert_eq!(
        codes[1..],
        [invalid("cover-file-missing"), invalid("cover-damaged"), invalid("cover-address-private")]
    );
    shop.put("img/none.jpg", &file(&quarters(50, 50), ImageFormat::Jpeg));
    shop.put("img/cut.png", &file(&quarters(500, 500), ImageFormat::Png));
    let (code, summary) = shop.import(&[]);
    assert_eq!((code, &summary["ok"], &summary["invalid"]), (1, &3.into(), &1.into()));
}

#[test]
fn nothing_is_uploaded_for_rows_whose_turn_has_no_quota() {
    let shop = Shop::with(&["img/small.png", "img/photo.jpg", "img/glass.webp"]);
    let (code, summary) = shop.import(&["--quota", "submit=1", "-j", "1"]);
    assert_eq!((code, &summary["pending"]), (75, &2.into()), "{summary}");
    assert_eq!(shop.uploads(), 1);
}

#[test]
fn a_media_id_that_the_service_does_not_know_any_more_is_renewed_once() {
    let shop = Shop::with(&["img/photo.jpg"]);
    assert_eq!(shop.import(&[]).0, 0);
    let state = rusqlite::Connection::open(shop.path().join("state/state.db")).expect("the state");
    state.execute("UPDATE uploads SET media_id = 'long-gone-and-forgotten'", []).expect("changed");
    drop(state);
    let row = "白茶 50g 一盒,img/copy.jpg,9.5,pages/tea?id=9,T-9\n";
    let sheet = fs::read_to_string(shop.path().join("goods.csv")).expect("a sheet");
    shop.put("goods.csv", format!("{sheet}{row}").as_bytes());
    let (code, summary) = shop.import(&[]);
    assert_eq!((code, &summary["ok"]), (0, &2.into()), "{summary}");
    assert_eq!(shop.uploads(), 2, "once at first, and once for the one that was forgotten");
}

#[test]
fn a_refused_row_is_sent_again_only_when_its_picture_changes() {
    let shop = Shop::with(&[]);
    shop.put(
        "goods.csv",
        format!("{HEADINGS}违规图片茶 50g,img/photo.jpg,9.5,pages/tea?id=1,T-1\n").as_bytes(),
    );
    let submitted = || {
        let (_, summary) = shop.import(&[]);
        assert_eq!(summary["failed"], 1, "{summary}");
        let (_, out, _) = shop.run(&["quota", "--sandbox", "--state", "state", "--json"]);
        let told: Value = serde_json::from_str(&out).expect("one object");
        told["buckets"][0]["spent"].as_u64().expect("a number")
    };
    let first = submitted();
    assert!(first >= 1);
    assert_eq!(submitted(), first, "the same picture");
    shop.put("img/photo.jpg", &file(&quarters(600, 600), ImageFormat::Jpeg));
    assert!(submitted() > first, "another picture under the same name");
}

#[test]
fn a_root_lets_covers_leave_the_sheets_folder() {
    let shop = Shop::with(&["../img/photo.jpg", "small.png"]);
    shop.put("sheets/goods.csv", &fs::read(shop.path().join("goods.csv")).expect("a sheet"));
    let (code, out, _) = shop.run(&["check", "sheets/goods.csv"]);
    assert!(code == 1 && out.contains("cover-file-outside") && out.contains("cover-file-missing"), "{out}");
    let (code, out, _) = shop.run(&["check", "sheets/goods.csv", "--cover-root", "img"]);
    assert_eq!(code, 0, "{out}");
    let (code, _, err) = shop.run(&["check", "sheets/goods.csv", "--cover-root", "none"]);
    assert!(code == 66 && err.contains("--cover-root"), "{err}");
}

#[test]
fn pictures_in_a_workbook_are_imported() {
    let shop = Shop::with(&[]);
    for name in ["openpyxl-over-cells", "xlsxwriter-over-cells", "xlsxwriter-in-cells", "wps-in-cells"] {
        let fixture =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/covers/{name}.xlsx"));
        let fixture = fixture.display().to_string();
        let (_, out, err) = shop.run(&[
            "import",
            &fixture,
            "--sandbox",
            "--state",
            "state",
            "--json",
            "--rate",
            "0",
            "--as-new",
            "--results",
            &format!("{name}.csv"),
        ]);
        let summary: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("one object: {out} {err}"));
        let (ok, invalid) = match name {
            "wps-in-cells" => (4, 1),
            "xlsxwriter-in-cells" => (4, 0),
            _ => (3, 0),
        };
        assert_eq!((&summary["ok"], &summary["invalid"]), (&ok.into(), &invalid.into()), "{name}: {summary}");
        assert_eq!(err.contains("over C8"), name == "openpyxl-over-cells", "{err}");
    }
    let (code, out, _) = shop.run(&[
        "check",
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/covers/openpyxl-over-cells.xlsx")
            .display()
            .to_string(),
    ]);
    assert!(code == 0 && out.contains(":8: warning: the picture over C8"), "{out}");
}

#[test]
fn two_crops_of_one_file_are_two_pictures_and_the_same_crop_is_one() {
    let shop = Shop::with(&[]);
    let drawing: Vec<String> = ["l=\"50000\"", "l=\"50000\"", "r=\"50000\"", ""]
        .iter()
        .zip(1..)
        .map(|(crop, row)| {
            let turned = if row == 4 { "<a:xfrm rot=\"1800000\"/>" } else { "" };
            two_cells((row, 0.0), (row, 39.0), &pic(1, turned, &format!("<a:srcRect {crop}/>")))
        })
        .collect();
    let book = Book::of_rows(4, 40).with(file(&quarters(100, 80), ImageFormat::Png));
    book.drawing(&drawing.concat()).save_at(&shop.path().join("goods.xlsx"));
    let (code, out, _) = shop.run(&["check", "goods.xlsx"]);
    assert!(code == 0 && out.contains("goods.xlsx:5: cover: cover-rotated: warning"), "{out}");
    let (code, out, err) =
        shop.run(&["import", "goods.xlsx", "--sandbox", "--state", "state", "--json", "--rate", "0"]);
    assert_eq!(code, 0, "{out} {err}");
    assert_eq!(shop.uploads(), 3);
    let digests: Vec<String> = shop.results().into_iter().map(|(.., digest)| digest).collect();
    assert!(digests[0] == digests[1] && digests[0] != digests[2] && digests[2] != digests[3], "{digests:?}");
    let whole = livegoods::cover::Digest::of(&file(&quarters(100, 80), ImageFormat::Png)).to_string();
    assert_eq!(digests[3], whole, "a picture that is shown whole is its file, as ever");
}
