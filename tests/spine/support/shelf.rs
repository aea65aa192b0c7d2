//! A service in memory that a word in a name makes misbehave, once for each name.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use livegoods::goods::{AuditId, AuditStatus, GoodsId};
use livegoods::library::{Change, GoodsInfo, Listed, Page};
use livegoods::wechat::{Added, Call, Failure, QuotaFigures, Refusal, Service};

/// Goods in memory. Words in names steer it:
///
/// 丢前 and 丢后 lose the first answer, before or after the work; 系统 answers -1 after the work; 有号 and 无号
/// are added and not submitted (300021), with and without their goodsId; 违规 is refused, always; 限速 is
/// answered 45011 first, 旧证 40001.
#[derive(Default)]
pub struct Shelf {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    goods: Vec<(Listed, AuditStatus)>,
    misbehaved: HashSet<String>,
    adds: u64,
    lists: u64,
    renewals: u64,
}

impl Shelf {
    /// How often each name was put on the shelf.
    pub fn copies(&self) -> HashMap<String, usize> {
        self.state().goods.iter().fold(HashMap::new(), |mut copies, (goods, _)| {
            *copies.entry(goods.name.clone()).or_default() += 1;
            copies
        })
    }

    /// The goods of a name, when there is exactly one.
    pub fn id_of(&self, name: &str) -> Option<GoodsId> {
        let state = self.state();
        let mut ids =
            state.goods.iter().filter(|(goods, _)| goods.name == name).map(|(goods, _)| goods.goods_id);
        ids.next().filter(|_| ids.next().is_none())
    }

    /// The calls of `add` and of `list` so far.
    pub fn calls(&self) -> (u64, u64) {
        let state = self.state();
        (state.adds, state.lists)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, goods: &GoodsInfo, status: AuditStatus) -> Added {
        // Beyond 2^53, so that whoever keeps ids in a binary float shows here.
        let number = 9_007_199_254_740_993 + 2 * self.goods.len() as u64;
        let listed = Listed {
            goods_id: GoodsId(number),
            cover_img_url: "http://mmbiz.example/0".to_owned(),
            name: goods.name.clone(),
            price: goods.pricing.price(),
            price2: goods.pricing.price2(),
            url: goods.url.clone(),
            price_type: goods.pricing.kind().code(),
            audit_status: None,
            third_party_tag: Some(2),
        };
        self.goods.push((listed, status));
        Added { goods_id: GoodsId(number), audit_id: Some(AuditId(number + 1)) }
    }
}

fn refused(code: i64, goods_id: Option<GoodsId>) -> Failure {
    let message = format!("refused, rid: {code}");
    Failure::Refused(Refusal { code, message, goods_id, token: 0 })
}

impl Service for Shelf {
    fn add(&self, goods: &GoodsInfo) -> Result<Added, Failure> {
        let mut state = self.state();
        state.adds += 1;
        let name = goods.name.as_str();
        if name.contains("违规") {
            return Err(refused(300_004, None));
        }
        let words = ["丢前", "丢后", "系统", "有号", "无号", "限速", "旧证"];
        let word = words.into_iter().find(|word| name.contains(word));
        let word = word.filter(|_| state.misbehaved.insert(name.to_owned()));
        match word {
            Some("丢前") => return Err(Failure::Lost("cut".to_owned())),
            Some("限速") => return Err(refused(45_011, None)),
            Some("旧证") => return Err(refused(40_001, None)),
            _ => {}
        }
        let status = if matches!(word, Some("有号" | "无号")) {
            AuditStatus::NotSubmitted
        } else {
            AuditStatus::InReview
        };
        let added = state.put(goods, status);
        match word {
            Some("丢后") => Err(Failure::Lost("cut".to_owned())),
            Some("系统") => Err(refused(-1, None)),
            Some("有号") => Err(refused(300_021, Some(added.goods_id))),
            Some("无号") => Err(refused(300_021, None)),
            _ => Ok(added),
        }
    }

    fn withdraw(&self, _goods: GoodsId, _audit: AuditId) -> Result<(), Failure> {
        unreachable!("an import withdraws nothing")
    }

    fn resubmit(&self, _goods: GoodsId) -> Result<AuditId, Failure> {
        unreachable!("an import resubmits nothing")
    }

    fn delete(&self, _goods: GoodsId) -> Result<(), Failure> {
        unreachable!("an import deletes nothing")
    }

    fn update(&self, _goods: GoodsId, _change: &Change) -> Result<(), Failure> {
        unreachable!("an import updates nothing")
    }

    fn upload(&self, _picture: &[u8], _filename: &str) -> Result<String, Failure> {
        unreachable!("the covers are media ids")
    }

    fn list(&self, status: AuditStatus, offset: u64, limit: u64) -> Result<Page, Failure> {
        let mut state = self.state();
        state.lists += 1;
        let all: Vec<Listed> = state
            .goods
            .iter()
            .filter(|(_, found)| *found == status)
            .map(|(goods, _)| Listed { audit_status: Some(status), ..goods.clone() })
            .collect();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
        let until = (from + usize::try_from(limit).unwrap_or(usize::MAX).min(100)).min(all.len());
        Ok(Page { total: all.len() as u64, goods: all[from..until].to_vec() })
    }

    fn status(&self, _ids: &[GoodsId]) -> Result<Vec<Listed>, Failure> {
        unreachable!("an import asks for no status")
    }

    fn quota(&self, _call: Call) -> Result<QuotaFigures, Failure> {
        Ok(QuotaFigures { daily_limit: 500, used: 0, remain: 500, rate_limit: None })
    }

    fn renew(&self, _stale: u64) -> Result<bool, Failure> {
        self.state().renewals += 1;
        Ok(true)
    }
}
