//! What an update sends: every field × every audit status, and what counts as different.

use livegoods::goods::{AuditStatus, Cover, Goods, GoodsId, Pricing};
use livegoods::library::{Change, Listed, PriceUnit};
use livegoods::plan::{Comparison, UpdateWish, compare};
use livegoods::results::{Content, Line, Note, digest_of};
use livegoods::sheet::Field;
use rust_decimal::Decimal;

use AuditStatus::{Approved, InReview, NotSubmitted, Refused};

fn yuan(text: &str) -> Decimal {
    text.parse().expect("a price")
}

fn goods() -> Goods {
    Goods {
        name: "手冲咖啡壶".into(),
        cover: Cover::MediaId("SANDBOX-COVER-IMAGE-01".into()),
        pricing: Pricing::Range(yuan("9.5"), yuan("12")),
        url: "pages/tea?id=1".into(),
        third_party_appid: String::new(),
        sku: String::new(),
        goods_id: None,
        audit_id: None,
    }
}

/// The line of goods that were sent as [`goods`].
fn line() -> Line {
    let mut line = Line { cover_digest: digest_of(&goods().cover), ..Line::default() };
    let keys = livegoods::goods::Keys { sku: None, page: String::new() };
    line.seal("wx1", &keys, Some(Content::of(&goods(), &line.cover_digest)));
    line
}

/// What the service shows of them.
fn held(status: Option<AuditStatus>) -> Listed {
    Listed {
        goods_id: GoodsId(5),
        cover_img_url: "http://cdn/1.png".into(),
        name: goods().name,
        price: yuan("9.50"),
        price2: Some(yuan("12.00")),
        url: goods().url,
        price_type: 2,
        audit_status: status,
        third_party_tag: Some(2),
    }
}

/// One wish: the goods wanted, another picture, and what would be sent.
type Wish = (Goods, Option<Cover>, Change, Option<Field>);

fn wishes() -> Vec<Wish> {
    let with = |change: fn(&mut Goods)| {
        let mut wanted = goods();
        change(&mut wanted);
        wanted
    };
    let change = Change::default;
    let media = "SANDBOX-COVER-IMAGE-02".to_owned();
    let other_kind = |price2| Change {
        price_type: Some(livegoods::goods::PriceType::Discount),
        price: Some(yuan("9.5")),
        price2: Some(price2),
        ..Change::default()
    };
    vec![
        (
            with(|goods| goods.name = "茶壶茶壶".into()),
            None,
            Change { name: Some("茶壶茶壶".into()), ..change() },
            Some(Field::Name),
        ),
        (
            with(|goods| goods.url = "pages/b".into()),
            None,
            Change { url: Some("pages/b".into()), ..change() },
            Some(Field::Url),
        ),
        (
            with(|goods| goods.third_party_appid = "wx0123456789abcdef".into()),
            None,
            Change { third_party_appid: Some("wx0123456789abcdef".into()), ..change() },
            Some(Field::ThirdPartyAppid),
        ),
        (
            goods(),
            Some(Cover::MediaId(media.clone())),
            Change { cover_img_url: Some(media), ..change() },
            Some(Field::Cover),
        ),
        (
            with(|goods| goods.pricing = Pricing::Range(yuan("9"), yuan("12"))),
            None,
            Change { price: Some(yuan("9")), ..change() },
            None,
        ),
        (
            with(|goods| goods.pricing = Pricing::Range(yuan("9.5"), yuan("13"))),
            None,
            Change { price2: Some(yuan("13")), ..change() },
            None,
        ),
        (
            with(|goods| goods.pricing = Pricing::Discount(yuan("9.5"), yuan("8"))),
            None,
            other_kind(yuan("8")),
            None,
        ),
    ]
}

fn change_of(comparison: &Comparison) -> Option<&Change> {
    match comparison {
        Comparison::Differs(UpdateWish { change, .. }) => Some(change),
        Comparison::Same(_) | Comparison::Left(_) => None,
    }
}

#[test]
fn each_field_goes_out_only_where_the_audit_status_lets_it() {
    for (wanted, cover, change, locked) in wishes() {
        for status in [None, Some(NotSubmitted), Some(InReview), Some(Approved), Some(Refused)] {
            let found = compare(&line(), &wanted, cover.as_ref(), &held(status));
            let context = format!("{change:?} at {status:?}: {found:?}");
            match (status, locked) {
                (Some(InReview), _) => assert_eq!(found, Comparison::Left(Note::ReviewLocked), "{context}"),
                (Some(Approved), Some(field)) => {
                    let note = Note::ApprovedLocked { fields: vec![field] };
                    assert_eq!(found, Comparison::Left(note), "{context}");
                }
                _ => assert_eq!(change_of(&found), Some(&change), "{context}"),
            }
        }
    }
}

#[test]
fn what_is_as_wanted_is_the_same_at_any_status_and_whoever_added_it() {
    for status in [None, Some(NotSubmitted), Some(InReview), Some(Approved), Some(Refused)] {
        for tag in [None, Some(0), Some(1), Some(2)] {
            let held = Listed { third_party_tag: tag, ..held(status) };
            assert!(matches!(compare(&line(), &goods(), None, &held), Comparison::Same(_)), "{status:?}");
        }
    }
}

#[test]
fn goods_of_the_console_cannot_be_changed_through_the_api() {
    let wanted = Goods { name: "茶壶茶壶".into(), ..goods() };
    let held = Listed { third_party_tag: Some(0), ..held(Some(NotSubmitted)) };
    assert_eq!(compare(&line(), &wanted, None, &held), Comparison::Left(Note::ConsoleGoods));
}

#[test]
fn a_page_in_the_services_own_spelling_and_a_second_price_of_zero_are_no_change() {
    let spelt = Listed { url: "/pages/tea.html?id=1".into(), ..held(Some(Approved)) };
    assert!(matches!(compare(&line(), &goods(), None, &spelt), Comparison::Same(_)));
    let fixed = Goods { pricing: Pricing::Fixed(yuan("9.5")), ..goods() };
    let held = Listed { price_type: 1, price2: Some(Decimal::ZERO), ..held(Some(Approved)) };
    assert!(matches!(compare(&line(), &fixed, None, &held), Comparison::Same(_)));
}

#[test]
fn prices_in_fen_are_compared_in_yuan() {
    let fen = Listed { price: yuan("950"), price2: Some(yuan("1200")), ..held(Some(Approved)) };
    let same = compare(&line(), &goods(), None, &fen.clone().in_yuan(PriceUnit::Fen));
    assert!(matches!(same, Comparison::Same(_)), "{same:?}");
    assert!(change_of(&compare(&line(), &goods(), None, &fen.in_yuan(PriceUnit::Yuan))).is_some());
}

#[test]
fn an_appid_that_was_never_sent_from_here_is_left_alone() {
    let exported = Line { check: String::new(), ..line() };
    let wanted = Goods { third_party_appid: "wx0123456789abcdef".into(), ..goods() };
    assert!(matches!(compare(&exported, &wanted, None, &held(Some(Approved))), Comparison::Same(_)));
}

#[test]
fn another_picture_is_uploaded_before_it_is_sent() {
    let cover = Cover::File("cover.png".into());
    let Comparison::Differs(wish) = compare(&line(), &goods(), Some(&cover), &held(Some(NotSubmitted)))
    else {
        panic!("another picture");
    };
    assert_eq!((wish.picture, wish.change.cover_img_url), (Some(cover), None));
}

#[test]
fn a_change_that_no_reply_shows_is_never_known_to_have_been_carried_out() {
    for (_, _, change, field) in wishes() {
        let (goods, cover_digest) = (goods(), String::new());
        let wish = UpdateWish { change: change.clone(), goods, picture: None, cover_digest, moved: None };
        assert!(!wish.is_fulfilled_by(&held(None)), "{change:?}");
        let mut after = held(None);
        after.name = change.name.unwrap_or(after.name);
        after.url = change.url.unwrap_or(after.url);
        after.price = change.price.unwrap_or(after.price);
        after.price2 = change.price2.or(after.price2);
        after.price_type = change.price_type.map_or(after.price_type, |kind| kind.code());
        let shown = !matches!(field, Some(Field::Cover | Field::ThirdPartyAppid));
        assert_eq!(wish.is_fulfilled_by(&after), shown, "{:?}", wish.change);
    }
}
