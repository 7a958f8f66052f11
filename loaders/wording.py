"""The written form of Chinese government tables: widths, numerals, numbering, line breaks.

Knows how things are written, not what they mean; every rule here serves several columns.
"""

from __future__ import annotations

import functools
import re
import unicodedata

# The characters of header spellings, deadline words, unit and province names: enough to recognise
# 「責任單位」 and 「持續推進」 without carrying a conversion dictionary. Texts of tasks stay as written.
_SIMPLIFIED = str.maketrans(
    "責單處級標務時間備註進續態據發廳辦實總業質測應運輸監領導組規劃財審執關機長點號證說項稱員與協門負"
    "牽頭參會聯隨視啟動適當內數現況達狀體設網絡綜計個兩雙週報縣區鎮際請須術調評準編權類別檢驗擔係獎滿"
    "佔貫終盡圓開結題築稅農衛紀黨團學東廣遼寧龍蘇陝慶貴雲灣車輛誠齊樣聽罰頻銀醫園館廠鄉電婦殘營樞紐碼"
    "鐵環資歷專郵氣戶臺帳賬舉擴價劑績黃莊陽濱濟訊統訓許詢詐護讓變軍陸隊險雜順預養驅駕駛魚鹽綱繫維緒線"
    "練職聲興舊艦藝藥衝補裝製複見覽觀訪訟詳誌認談論貝貢貨販買費貼賃賓賞賣購賽軌軟軸較載輔輪輯轄遠遲遺"
    "鄰鄧釋鋼錄錢錯鎖鏈鑒書優議溝約細給經緊緩繼羅義習腦膚蓋蟲襲覺誤謝譯讀貿賠贊趙跡轉辭這連過違選還邊"
    "鄭鋪錦鍊閉閱闊隱隸難霧靈靜韓響頁頓頒頗願顧顯飛飯驚鬧鮮鳳鳴麗麥齡寫寶將尋對屆岡島嶺巖幣帥師幫庫廢"
    "張強彈徑從復恆惡慮憲懷戰戲掃採換損搶擁擇擬擺攝攔敗敵斷昇晝暢曆曉曬條極構槍樓樹檔歐歡歲殺殼毀決沒"
    "洩淚淨淵減湊溫滅滬漁漲漢潔潤澤濃濕瀏灘災為無煉煙煩熱燈燒爭爾牆獨獲瑪產畝畢畫異療盜盤確磚礎礦禦禮"
    "種穀穩窮競筆節簡簽籌糧糾紅納紙純紛絕絲"
    "國後於歸懲華冊佈諾範傳場記産創識該屬塊圍們則問訂試積堅圖綫啓訴萬來臨嚴眾衆欄揮擊彙匯壓勵億撐帶刪"
    "駐風詞階銷遷講語裡裏羣吳儘徹饋話諮腳幾壞輿誰併並",
    "责单处级标务时间备注进续态据发厅办实总业质测应运输监领导组规划财审执关机长点号证说项称员与协门负"
    "牵头参会联随视启动适当内数现况达状体设网络综计个两双周报县区镇际请须术调评准编权类别检验担系奖满"
    "占贯终尽圆开结题筑税农卫纪党团学东广辽宁龙苏陕庆贵云湾车辆诚齐样听罚频银医园馆厂乡电妇残营枢纽码"
    "铁环资历专邮气户台帐账举扩价剂绩黄庄阳滨济讯统训许询诈护让变军陆队险杂顺预养驱驾驶鱼盐纲系维绪线"
    "练职声兴旧舰艺药冲补装制复见览观访讼详志认谈论贝贡货贩买费贴赁宾赏卖购赛轨软轴较载辅轮辑辖远迟遗"
    "邻邓释钢录钱错锁链鉴书优议沟约细给经紧缓继罗义习脑肤盖虫袭觉误谢译读贸赔赞赵迹转辞这连过违选还边"
    "郑铺锦炼闭阅阔隐隶难雾灵静韩响页顿颁颇愿顾显飞饭惊闹鲜凤鸣丽麦龄写宝将寻对届冈岛岭岩币帅师帮库废"
    "张强弹径从复恒恶虑宪怀战戏扫采换损抢拥择拟摆摄拦败敌断升昼畅历晓晒条极构枪楼树档欧欢岁杀壳毁决没"
    "泄泪净渊减凑温灭沪渔涨汉洁润泽浓湿浏滩灾为无炼烟烦热灯烧争尔墙独获玛产亩毕画异疗盗盘确砖础矿御礼"
    "种谷稳穷竞笔节简签筹粮纠红纳纸纯纷绝丝"
    "国后于归惩华册布诺范传场记产创识该属块围们则问订试积坚图线启诉万来临严众众栏挥击汇汇压励亿撑带删"
    "驻风词阶销迁讲语里里群吴尽彻馈话咨脚几坏舆谁并并",
)
# Printed to PDF by a browser, 用 is often the radical ⽤ that looks like it.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | {
    ord(radical): character
    for radical, character in zip(
        "⺟⺠⺡⺢⺩⺬⺭⺮⺯⺰⺶⺷⺸⺻⺼⻁⻄⻅⻆⻇⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民氵氺王示礻竹糸纟羊羊羊聿肉虎西见角角贝车辶辶辶邑钅長镸长门阜雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_MOST_DIGITS = 9
_NUMERAL = re.compile(r"[〇○零一二两三四五六七八九十]+")
_ORDINAL = r"[一二三四五六七八九十百]+"
_NUMBERING = re.compile(
    rf"^\s*(?:第(?:{_ORDINAL}|\d+)(?:[章节条项篇]|部分)、?"
    rf"|[（(]\s*(?:{_ORDINAL}|\d+)\s*[）)]、?|{_ORDINAL}\s*[、.．]"
    r"|\d{1,2}[-—–－]\d{1,2}(?:\s+|[、．])"
    r"|\d+(?:\.\d+)*\s*[、．]|\d+(?:\.\d+)*\.(?!\d)|\d+(?:\.\d+)+(?=\D)|[①-⑳])\s*"
)
_SECOND_LEVEL = re.compile(rf"[（(]\s*{_ORDINAL}\s*[）)]")
_LEVEL = re.compile(rf"{_ORDINAL}\s*[、.．]|[（(]\s*{_ORDINAL}\s*[）)]")
_BARE_ORDINAL = re.compile(rf"^[（(]?(?:{_ORDINAL}|\d+)[）)]?[、.．]?$")
_ITEM = re.compile(r"(?:^|(?<=[\s。；;！!]))(\d{1,3})\s*[.．、](?!\d)\s*")


def folded(text: str) -> str:
    """The text for comparison: half-width, simplified, without any white space."""
    return _folded_short(text) if len(text) <= _SHORT else _folded(text)


# A ledger repeats its units, dates and headings on thousands of rows.
_SHORT = 64


@functools.lru_cache(maxsize=16_384)
def _folded_short(text: str) -> str:
    return _folded(text)


# What is folded for one purpose is mostly folded for another right after.
@functools.lru_cache(maxsize=64)
def _folded(text: str) -> str:
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    return compact.replace("\u200b", "").replace("\ufeff", "").translate(_SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with the characters that labels, dates and names of units use in simplified script."""
    return text.translate(_SIMPLIFIED)


def with_characters(text: str) -> str:
    """The text with the characters that its radicals stand for."""
    return text.translate(_RADICALS)


def half_width(text: str) -> str:
    """Like `folded`, but white space stays, for texts in which it separates names."""
    return unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED)


def number(numeral: str) -> int | None:
    """12, 十二 and 二〇二四 as an integer; None for what is no number, as in 十三五, and for one that
    counts nothing an office does."""
    if len(numeral) > _MOST_DIGITS:
        return None
    if numeral.isdecimal():
        return int(numeral)
    if "十" not in numeral:
        digits = [_DIGITS.get(c) for c in numeral]
        return None if None in digits or not digits else int("".join(map(str, digits)))
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or any(c not in _DIGITS for c in tens + ones):
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def arabic(text: str) -> str:
    """The text with every Chinese numeral written in digits: 十二月三十一日 → 12月31日."""

    def digits(match: re.Match) -> str:
        value = number(match[0])
        return match[0] if value is None else str(value)

    return _NUMERAL.sub(digits, text)


def one_line(text: str) -> str:
    """A cell's lines joined.

    Chinese is broken anywhere, also one character per line in narrow first columns (组/织/保/障),
    so a break between two Chinese characters is nothing; elsewhere it is a space.
    """
    if "\n" not in text:
        return text.strip()
    lines = [line.strip() for line in text.split("\n")]
    joined = ""
    for line in filter(None, lines):
        joined += line if not joined or _wide(joined[-1]) or _wide(line[0]) else f" {line}"
    return joined


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def lines(text: str) -> str:
    """The text with every line trimmed and empty lines removed."""
    return "\n".join(filter(None, (line.strip() for line in text.split("\n"))))


def without_numbering(heading: str) -> str:
    """一、加强组织领导, （一）加强组织领导 and 1. 加强组织领导 are all 加强组织领导."""
    return _NUMBERING.sub("", heading, count=1).strip()


def is_numbered(heading: str) -> bool:
    """Whether a heading opens with 一、 （一） 1. or the like."""
    return bool(_NUMBERING.match(heading))


def is_level(heading: str) -> bool:
    """Whether a text is a heading 一、 or （一） and no sentence."""
    written = heading.strip()
    return bool(_LEVEL.match(written)) and "。" not in written


def is_second_level(heading: str) -> bool:
    """Whether a heading opens with （一）, as those below 一、 do."""
    return bool(_SECOND_LEVEL.match(heading.strip()))


def is_ordinal(text: str) -> bool:
    """Whether the whole text is a bare number: 一, （三）, 12."""
    return bool(_BARE_ORDINAL.match(text.strip()))


def numbered_items(text: str) -> list[tuple[str, str]]:
    """(number, text) of each item of `4. … 5. … 6. …`; one item without number if it is no list.

    The items must open the text and count up by one, so that 2.0 or a date inside an item is
    not taken for the next one. (1) and ① are steps within one duty and do not divide it.
    """
    marks: list[re.Match[str]] = []
    for mark in _ITEM.finditer(text):
        if not marks and text[: mark.start()].strip():
            break
        if not marks or int(mark[1]) == int(marks[-1][1]) + 1:
            marks.append(mark)
    if not marks:
        return [("", one_line(text))]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    items = [(m[1], one_line(text[m.end() : end])) for m, end in zip(marks, ends, strict=True)]
    return [item for item in items if item[1]]
