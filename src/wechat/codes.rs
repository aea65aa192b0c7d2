//! An errcode into its class, its official meaning and what to do about it: one table for runs and readers.

use Class::{Fatal, OwnFault, PartlyDone, Picture, Quota, Row, SlowDown, System, Token};

/// What a run does about an errcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Get a new token once and send again; a second time in a row is fatal.
    Token,
    /// Stop: credentials, caller's address or permission.
    Fatal,
    /// The day's calls are spent: the bucket is closed until the day turns.
    Quota,
    /// Too many calls just now: pause, then go on.
    SlowDown,
    /// This row failed; the others go on.
    Row,
    /// Upload the picture again once, then the row failed.
    Picture,
    /// The goods exist, only their submission failed: never add them again.
    PartlyDone,
    /// The service failed: an add or a resubmit is in doubt, other calls are sent again.
    System,
    /// The request itself was at fault; three in a row stop the run.
    OwnFault,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The service's errcode.
    pub code: i64,
    /// What a run does about it.
    pub class: Class,
    /// What the service's documents say it means; in the words of users where the documents are silent.
    pub meaning: &'static str,
    /// What to do, in one sentence.
    pub advice: &'static str,
}

/// The class of an errcode; one that is not in the table concerns its row only.
pub fn class_of(code: i64) -> Class {
    look_up(code).map_or(Row, |line| line.class)
}

/// The line of an errcode, if it has one.
pub fn look_up(code: i64) -> Option<&'static Code> {
    TABLE.iter().find(|line| line.code == code)
}

const fn line(code: i64, class: Class, meaning: &'static str, advice: &'static str) -> Code {
    Code { code, class, meaning, advice }
}

const RENEWED: &str = "The token is renewed by itself; when this stays, something else keeps replacing it.";
const SECRET: &str = "Check LIVEGOODS_APPID and LIVEGOODS_SECRET against the mini-program's console.";
const ADDRESS: &str = "Add this machine's public address to the IP whitelist in the mini-program's console.";
const FROZEN: &str = "The account or its secret is frozen: have it restored in the mini-program's console.";
const CONFIRM: &str = "The administrator has to confirm this machine's address in WeChat; then run again.";
const PROVIDER: &str = "Check the service provider's ticket, authorisation and permission set 52.";
const UPLOAD: &str = "A picture of the sheet is uploaded again once; a media id is sent as it stands: upload \
                      the picture again and put the new id into the sheet.";
const LATER: &str = "The service failed; run the same command again later.";
const REPORT: &str = "The request was malformed: please report this with the whole message.";

/// Every code the service is known to answer with, by class.
pub static TABLE: &[Code] = &[
    line(40001, Token, "access_token 无效或不是最新的", RENEWED),
    line(40014, Token, "不合法的 access_token", RENEWED),
    line(42001, Token, "access_token 超时", RENEWED),
    line(40002, Fatal, "不合法的凭证类型", SECRET),
    line(40013, Fatal, "不合法的 AppID", SECRET),
    line(40125, Fatal, "不合法的 AppSecret", SECRET),
    line(41002, Fatal, "缺少 appid 参数", SECRET),
    line(41004, Fatal, "缺少 secret 参数", SECRET),
    line(40164, Fatal, "调用接口的 IP 地址不在白名单中", ADDRESS),
    line(45035, Fatal, "调用接口的 IP 地址未获允许", ADDRESS),
    line(61004, Fatal, "调用方 IP 未登记", ADDRESS),
    line(40243, Fatal, "AppSecret 已被冻结", FROZEN),
    line(50004, Fatal, "禁止使用 token 接口", FROZEN),
    line(50007, Fatal, "账号已冻结", FROZEN),
    line(89503, Fatal, "此次调用需要管理员确认", CONFIRM),
    line(89506, Fatal, "24 小时内该 IP 被管理员拒绝调用两次", CONFIRM),
    line(89507, Fatal, "1 小时内该 IP 被管理员拒绝调用一次", CONFIRM),
    line(
        48001,
        Fatal,
        "API 功能未授权",
        "The mini-program has no permission for this call: enable live broadcasting in its console.",
    ),
    line(48004, Fatal, "API 接口被封禁", "The call is banned for this account: see the console's messages."),
    line(
        50002,
        Fatal,
        "用户受限，可能是违规后接口被封禁",
        "The account is restricted: see the console's messages.",
    ),
    line(
        300001,
        Fatal,
        "禁止创建/更新商品",
        "Adding and updating goods is banned for this account: see the console's messages.",
    ),
    line(61005, Fatal, "第三方平台 ticket 已过期", PROVIDER),
    line(61006, Fatal, "第三方平台 ticket 无效", PROVIDER),
    line(61007, Fatal, "API 未授权给第三方平台", PROVIDER),
    line(61014, Fatal, "第三方平台接口须使用 component_access_token", PROVIDER),
    line(61016, Fatal, "API 所需的授权类型不符", PROVIDER),
    line(61023, Fatal, "authorizer_refresh_token 无效", PROVIDER),
    line(
        45009,
        Quota,
        "接口调用超过当日限制",
        "The day's calls are spent: run the same command again after the day turns, or with --wait.",
    ),
    line(
        300012,
        Quota,
        "没有提审额度",
        "The day's submissions are spent: run the same command again after the day turns, or with --wait.",
    ),
    line(
        45011,
        SlowDown,
        "API 调用太频繁，请稍候再试",
        "The run pauses for a minute; a lower --rate avoids it.",
    ),
    line(300000, SlowDown, "请求过于频繁", "The run pauses and goes on; a lower --rate avoids it."),
    line(
        300002,
        Row,
        "名称长度不符合规则",
        "Give the goods a name of 3 to 14 Chinese characters, without blanks around it.",
    ),
    line(
        300003,
        Row,
        "价格输入不合规",
        "Mend the prices: above 0, at most two decimals, in the order of the price type.",
    ),
    line(300004, Row, "商品名称存在违规违法内容", "Change the name: the service found it unlawful."),
    line(300005, Row, "商品图片存在违规违法内容", "Change the picture: the service found it unlawful."),
    line(
        300007,
        Row,
        "线上小程序版本不存在该链接",
        "Use the path of a page that the released mini-program has.",
    ),
    line(300009, Row, "商品审核撤回失败", "Refresh the audit status: only goods in review can be withdrawn."),
    line(300010, Row, "商品审核状态不对", "Refresh the audit status: it does not allow this now."),
    line(
        300011,
        Row,
        "操作非法（非 API 创建的商品）",
        "Goods added in the console can only be changed in the console.",
    ),
    line(300014, Row, "审核中，无法删除", "Withdraw the goods first, or wait for the review to end."),
    line(300015, Row, "商品不存在", "The goods are gone: nothing is left to do."),
    line(300017, Row, "商品未提审", "The goods are not in review: submit them first."),
    line(300018, Row, "图片尺寸超过限制", "Use a picture of at most 300 by 300 pixels."),
    line(
        1003,
        Row,
        "商品 id 不存在",
        "The service does not know these goods: they were deleted, or belong elsewhere.",
    ),
    line(300006, Picture, "图片上传失败", UPLOAD),
    line(40004, Picture, "不合法的媒体文件类型", UPLOAD),
    line(40005, Picture, "上传素材文件格式不对", UPLOAD),
    line(40006, Picture, "上传素材文件大小超出限制", UPLOAD),
    line(40007, Picture, "不合法的 media_id", UPLOAD),
    line(40009, Picture, "图片大小超出限制", UPLOAD),
    line(
        300021,
        PartlyDone,
        "商品添加成功，审核失败",
        "The goods exist without being submitted: `livegoods resubmit` submits them, nothing adds them again.",
    ),
    line(-1, System, "系统错误", LATER),
    line(200001, System, "系统错误", LATER),
    line(3001, System, "系统错误", LATER),
    line(300008, System, "添加商品失败", LATER),
    line(300013, System, "提审失败", LATER),
    line(41001, OwnFault, "缺少 access_token 参数", REPORT),
    line(47001, OwnFault, "入参格式不符合规范", REPORT),
    line(43001, OwnFault, "需要 GET 请求", REPORT),
    line(43002, OwnFault, "需要 POST 请求", REPORT),
    line(44002, OwnFault, "POST 的数据包为空", REPORT),
    line(200002, OwnFault, "入参错误", REPORT),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_code_is_in_the_table_with_its_class() {
        let documented: &[(Class, &[i64])] = &[
            (Token, &[40001, 40014, 42001]),
            (
                Fatal,
                &[
                    40002, 40013, 40125, 41002, 41004, 40164, 45035, 61004, 40243, 50004, 50007, 89503,
                    89506, 89507, 48001, 48004, 50002, 300001, 61005, 61006, 61007, 61014, 61016, 61023,
                ],
            ),
            (Quota, &[45009, 300012]),
            (SlowDown, &[45011, 300000]),
            (
                Row,
                &[
                    300002, 300003, 300004, 300005, 300007, 300009, 300010, 300011, 300014, 300017, 300018,
                    1003, 300015,
                ],
            ),
            (Picture, &[300006, 40004, 40005, 40006, 40007, 40009]),
            (PartlyDone, &[300021]),
            (System, &[-1, 200001, 3001, 300008, 300013]),
            (OwnFault, &[41001, 47001, 43001, 43002, 44002, 200002]),
        ];
        for (class, codes) in documented {
            for &code in *codes {
                assert_eq!(look_up(code).map(|line| line.class), Some(*class), "code {code}");
            }
        }
        let listed: usize = documented.iter().map(|(_, codes)| codes.len()).sum();
        assert_eq!(TABLE.len(), listed, "the table holds the documented codes, each once");
    }

    #[test]
    fn a_code_nobody_knows_concerns_its_row_only() {
        assert_eq!(class_of(987_654), Row);
        assert_eq!(look_up(987_654), None);
    }
}
