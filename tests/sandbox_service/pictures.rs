//! Uploads, and what may be used as a cover.

use std::time::Duration;

use serde_json::{Value, json};

use crate::caller::*;

fn gif(width: u16) -> Vec<u8> {
    [b"GIF89a".as_slice(), &width.to_le_bytes(), &[100, 0, 0, 0, 0, 0x3b]].concat()
}

#[test]
fn an_upload_gives_a_media_id_that_is_good_for_three_days() {
    let mut caller = caller();
    let reply = caller.upload("media", Some("a.gif"), gif(300));
    assert_eq!(reply["type"], "image");
    assert_eq!(reply["created_at"], 1_795_233_600);
    assert!(reply.get("errcode").is_none());
    let cover = json!({ "coverImgUrl": reply["media_id"] });
    assert_eq!([caller.add_with(&cover), caller.add_with(&cover)], [0, 0], "reusable");
    caller.clock.step(Duration::from_secs(3 * 86_400));
    caller.renew();
    assert_eq!(caller.add_with(&cover), 0);
    caller.clock.step(Duration::from_millis(1));
    assert_eq!(caller.add_with(&cover), 300_006);
    assert_eq!(caller.add_with(&json!({})), 0, "what it was born with never ages");
}

#[test]
fn an_upload_wants_one_part_named_media_with_a_filename_and_a_picture_in_it() {
    let caller = caller();
    let large = |size: usize| [gif(10), vec![0; size]].concat();
    assert_eq!(code(&caller.upload("media", None, gif(10))), 41005);
    assert_eq!(code(&caller.upload("file", Some("a.gif"), gif(10))), 41005);
    assert_eq!(code(&caller.upload("media", Some("a.gif"), b"<html>".to_vec())), 40005);
    assert_eq!(code(&caller.upload("media", Some("a.gif"), Vec::new())), 40006);
    assert_eq!(code(&caller.upload("media", Some("a.gif"), large(2 * 1024 * 1024))), 40009);
    assert!(
        caller
            .upload("media", Some("a.gif"), large(2 * 1024 * 1024 - gif(10).len()))
            .get("media_id")
            .is_some()
    );
    assert_eq!(code(&caller.get(UPLOAD, "type=image")), 43002);
    let reply = |query: &str| -> Value {
        let url = format!("{}{query}", caller.url(UPLOAD));
        caller.http.post(url).body("a picture").send().expect("an answer").json().expect("JSON")
    };
    assert_eq!(code(&reply("&type=image")), 41005);
    assert_eq!(code(&reply("&type=voice")), 40004);
    assert_eq!(code(&reply("")), 40004);
}

#[test]
fn goods_with_a_picture_beyond_300_pixels_are_300018() {
    let caller = caller();
    let reply = caller.upload("media", Some("a.gif"), gif(301));
    assert_eq!(caller.add_with(&json!({ "coverImgUrl": reply["media_id"] })), 300_018);
}
