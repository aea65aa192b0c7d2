//! An empty workbook to fill in: the headings the reader knows, and every rule in plain words.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// The row below which nothing is validated any more: far above any real sheet, yet cheap for a
/// spreadsheet program.
const LAST_ROW: u32 = 20_000;

/// The kinds of price, as the column's list offers them and the reader understands them.
const PRICE_TYPES: [&str; 3] = ["一口价", "价格区间", "折扣价"];

/// One column of the sheet.
struct Heading {
    title: &'static str,
    width: f64,
    /// Kept as text, else a spreadsheet program rounds long codes and drops leading zeros.
    text: bool,
    required: bool,
    rule: &'static str,
}

const fn heading(title: &'static str, width: f64, text: bool, required: bool, rule: &'static str) -> Heading {
    Heading { title, width, text, required, rule }
}

const HEADINGS: [Heading; 8] = [
    heading(
        "商品编码",
        16.0,
        true,
        false,
        "可不填。您自己的货号，不会发送给微信。同一张表里不能重复；有了它，改名、改链接、换行序后仍能认出同一件商品。",
    ),
    heading(
        "商品名称",
        32.0,
        true,
        true,
        "必填。最多 14 个汉字（28 个半角字符，1 个汉字算 2 个）；少于 3 个汉字（6 个半角字符）可能被微信退回。",
    ),
    heading(
        "商品图片",
        40.0,
        true,
        true,
        "必填。四种写法任选：把图片插入本行（浮于单元格上或嵌入单元格）；填图片文件的路径（相对于本表格）；填 http(s) 图片地址；或填同一小程序 3 天内上传的素材 media_id。前三种不限尺寸，会自动缩到 300×300 以内再上传。",
    ),
    heading(
        "价格类型",
        12.0,
        false,
        false,
        "从下拉列表选择：一口价、价格区间、折扣价。不填时：“现价”也为空则按一口价处理，否则报错。",
    ),
    heading(
        "价格",
        12.0,
        false,
        true,
        "必填。单位为元，大于 0，最多两位小数。一口价：就是售价；价格区间：最低价；折扣价：原价。",
    ),
    heading(
        "现价",
        12.0,
        false,
        false,
        "单位为元，大于 0，最多两位小数。一口价：不要填；价格区间：最高价，要高于“价格”；折扣价：现价，不能高于原价。",
    ),
    heading(
        "商品链接",
        44.0,
        true,
        true,
        "必填。小程序页面路径，开头不带“/”，例如 pages/goods/detail?id=1001；页面必须在已发布的线上版本里。",
    ),
    heading(
        "第三方appid",
        22.0,
        true,
        false,
        "商品属于另一个小程序时，填那个小程序的 appid；自己的商品不填。",
    ),
];

/// What else to know, below the columns' rules.
const REMARKS: [&str; 5] = [
    "从第 2 行起，每行填一件商品；可以另加自己的列，会原样带到结果文件里。",
    "带 * 的列必须填写（表头里不带 *，请不要改表头）。",
    "没有商品编码时，名称、链接、第三方appid 都相同的两行算重复，后面那行会报错。",
    "每天最多提交 500 件商品，当天没提交完的，第二天再运行同一条命令即可。",
    "先检查：livegoods check 文件名.xlsx　　再导入：livegoods import 文件名.xlsx",
];

/// The bytes of the workbook.
///
/// # Errors
/// The writer's own, which a workbook this small never meets.
pub fn blank_workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    fill_goods(workbook.add_worksheet())?;
    explain(workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_EBF7))
        .set_border_bottom(FormatBorder::Thin)
}

fn fill_goods(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("商品")?;
    sheet.set_freeze_panes(1, 0)?;
    let text = Format::new().set_num_format("@");
    for (column, heading) in (0_u16..).zip(&HEADINGS) {
        sheet.set_column_width(column, heading.width)?;
        if heading.text {
            sheet.set_column_format(column, &text)?;
        }
        sheet.write_with_format(0, column, heading.title, &heading_format())?;
        if heading.title == "价格类型" {
            let list = DataValidation::new()
                .allow_list_strings(&PRICE_TYPES)?
                .set_error_style(DataValidationErrorStyle::Stop)
                .set_error_title("价格类型")?
                .set_error_message("请选择：一口价、价格区间、折扣价")?;
            sheet.add_data_validation(1, column, LAST_ROW, column, &list)?;
        }
    }
    Ok(())
}

fn explain(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("说明")?;
    sheet.set_column_width(0, 16)?;
    sheet.set_column_width(1, 90)?;
    let wrapped = Format::new().set_text_wrap();
    sheet.write_with_format(0, 0, "列", &heading_format())?;
    sheet.write_with_format(0, 1, "怎么填", &heading_format())?;
    let columns = HEADINGS.iter().map(|heading| {
        let mark = if heading.required { " *" } else { "" };
        (format!("{}{mark}", heading.title), heading.rule)
    });
    let remarks = REMARKS.iter().map(|remark| (String::new(), *remark));
    for (row, (title, rule)) in (1_u32..).zip(columns.chain(remarks)) {
        sheet.write(row, 0, title)?;
        sheet.write_with_format(row, 1, rule, &wrapped)?;
    }
    Ok(())
}
