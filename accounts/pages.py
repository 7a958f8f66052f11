"""The pages of the door, as plain HTML without a script: login, password, codes, account, why it ended.

Owns their words, what a form carries, and the headers they go out with. Their look is in
web/account.css. Refuses to know: whether anybody may see them.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from accounts import codes
from accounts.model import Account
from accounts.passwords import LONGEST, SHORTEST, password_classes, password_days
from accounts.sessions import REASONS
from words import ACCOUNT_ROLES

TITLE = "信用交通省台账分析平台"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFUSED = (
    "平台还没有账号，只能在装它的这台电脑上、直接用 127.0.0.1 的网址打开；要让别的电脑访问，请系统管理员先在"
    "这台电脑上执行 python -m accounts add-admin 建立管理员账号，或设置可信的反向代理（见 docs/部署.md）。"
)
NOT_ENCRYPTED = (
    "这个网址不是 https，密码会被旁人看到，所以不能登录；请用 https 开头的网址打开，"
    "没有的请系统管理员按 docs/部署.md 设置反向代理。"
)
BUSY = "现在登录的人太多，请过一会儿再试。"
NOT_AGREED = "统一身份认证没有同意登录；要登录的请再试一次，一直这样的请联系系统管理员。"
_CODE_INPUT = (
    '<input id="code" name="code" inputmode="numeric" maxlength="16" autocomplete="one-time-code"'
    ' spellcheck="false"'
)
STALE = "这一页放得太久了，请再填一次。"


def login(form: str, onward: str, name: str = "", wrong: str = "", *, has_provider: bool) -> str:
    """Name and password, or the way to 统一身份认证; `onward` is where the browser goes then."""
    by_provider = f"""<p class="links"><a class="button first" href="provider?next={quote(onward, safe="/")}">用统一身份认证登录</a></p>
<p class="note">或者用本平台的账号和密码：</p>"""
    code_box = f"""<label for="code">动态口令（设置过的才填）</label>
{_CODE_INPUT}>"""
    return _page(
        "登录",
        f"""{_wrong(wrong)}
{by_provider if has_provider else ""}
<form method="post" action="login">
{_hidden(form, onward)}
<label for="name">账号</label>
<input id="name" name="name" value="{escape(name)}" required maxlength="64" autocomplete="username"
  autocapitalize="none" spellcheck="false"{"" if name or has_provider else " autofocus"}>
<label for="password">密码</label>
<input id="password" name="password" type="password" required maxlength="{LONGEST}"
  autocomplete="current-password"{" autofocus" if name else ""}>
{code_box if codes.roles() else ""}
<button{' class="quiet"' if has_provider else ""}>登录</button>
</form>
<p class="note">没有账号、忘了密码的，请联系本单位的系统管理员。</p>""",
    )


def password(form: str, onward: str, who: Account, is_due: bool, wrong: str = "") -> str:
    """The present password and twice the new one; `is_due`: before anything else."""
    why = "：现在的密码是初始的或已到期，先换成自己的，再进入平台。" if is_due else ""
    classes, days = password_classes(), password_days()
    rules = [f"{SHORTEST} 至 {LONGEST} 个字符，可以是一句话；常见的不行"]
    rules += [f"小写字母、大写字母、数字、其他字符至少 {classes} 种"] if classes > 1 else []
    rules += [f"每 {days} 天要换一次"] if days else []
    return _page(
        "改密码",
        f"""<p>{escape(who.display_name)}（{escape(who.name)}）{why}</p>
{_wrong(wrong)}
<form method="post" action="password">
{_hidden(form, onward)}
<input type="hidden" name="name" value="{escape(who.name)}" autocomplete="username">
<label for="present">现在的密码</label>
<input id="present" name="present" type="password" required maxlength="{LONGEST}"
  autocomplete="current-password" autofocus>
<label for="wanted">新密码</label>
<input id="wanted" name="wanted" type="password" required minlength="{SHORTEST}" maxlength="{LONGEST}"
  autocomplete="new-password" aria-describedby="rules">
<p class="note" id="rules">{"；".join(rules)}。</p>
<label for="repeated">再输一次新密码</label>
<input id="repeated" name="repeated" type="password" required maxlength="{LONGEST}"
  autocomplete="new-password">
<button>改密码</button>
</form>
<p class="note">改好以后，这个账号在别处的登录都会结束。</p>""",
    )


def code(form: str, onward: str, who: Account, secret: str, wrong: str = "") -> str:
    """The secret for the telephone, as a picture and as text, and the first code it shows."""
    parts = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return _page(
        "设置动态口令",
        f"""<p>{escape(who.display_name)}（{escape(who.name)}）：{ACCOUNT_ROLES[who.role]}的账号登录时，除密码外还要输入手机上的动态口令。</p>
{_wrong(wrong)}
<p>一、在手机的身份验证器应用（如 Microsoft Authenticator、FreeOTP）中扫描下面的图；不能扫的，选“输入密钥”，照着输入。</p>
{codes.picture(secret, who.name)}
<p class="secret" aria-label="密钥">{parts}</p>
<form method="post" action="code">
{_hidden(form, onward)}
<label for="code">二、输入手机上现在显示的六位数字</label>
{_CODE_INPUT} required autofocus>
<button>设置</button>
</form>
<p class="note">这张图只在设置时显示，不要给别人看。换手机、丢了手机的，请管理员重置后再设置。</p>""",
    )


def account(form: str, who: Account, *, is_by_provider: bool) -> str:
    """Who is logged in, and the ways out."""
    change = '<a class="button" href="password">改密码</a>' if who.has_password else ""
    note = '<p class="note">退出的是本平台；统一身份认证的登录还在，要退出的请到那里退出。</p>'
    units = f"<dt>单位</dt><dd>{escape('、'.join(who.units))}</dd>" if who.units else ""
    return _page(
        "我的账号",
        f"""<dl>
<dt>姓名</dt><dd>{escape(who.display_name)}</dd>
<dt>账号</dt><dd>{escape(who.name)}</dd>
<dt>角色</dt><dd>{ACCOUNT_ROLES[who.role]}</dd>
{units}
</dl>
<p class="links"><a class="button" href="../">回到平台</a>{change}</p>
<form method="post" action="logout">
{_hidden(form, "")}
<button>退出</button>
<button class="quiet" name="everywhere" value="1">在所有地方退出</button>
</form>
{note if is_by_provider else ""}""",
    )


def ended(why: str, onward: str) -> str:
    """Why the login has ended, and the way to a new one."""
    return _page(
        "已退出" if why == "logout" else "需要登录",
        f"""<p>{REASONS.get(why, REASONS["none"])}</p>
<p class="links"><a class="button first" href="login?next={quote(onward, safe="/")}">登录</a></p>""",
    )


def sentence(text: str, place: str) -> str:
    """One sentence, where nothing can be done on the page; `place` leads to the door's own files."""
    return _page("不能打开", f"<p>{escape(text)}</p>", place)


def _page(heading: str, body: str, place: str = "") -> str:
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading} · {TITLE}</title>
<link rel="stylesheet" href="{place}style.css">
<link rel="icon" href="{place}icon.svg">
</head>
<body>
<main>
<img src="{place}logo.svg" alt="{TITLE}" width="330" height="48">
<h1>{heading}</h1>
{body}
</main>
</body>
</html>
"""


def _hidden(form: str, onward: str) -> str:
    return (
        f'<input type="hidden" name="form" value="{escape(form)}">'
        f'<input type="hidden" name="next" value="{escape(onward)}">'
    )


def _wrong(text: str) -> str:
    return f'<p class="wrong" role="alert">{escape(text)}</p>' if text else ""
