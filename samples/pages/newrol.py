"""The template of 2013-15."""

from __future__ import annotations

from html import escape

from samples.articles.model import (
    HEADLINES,
    PAGE_DATE_ID,
    Article,
    slug,
)
from samples.pages.common import XHTML, blocks, long_date, old_head, plain


def newrol(article: Article) -> str:
    photo = article.photos[0]
    crumbs = " &gt; \n".join(
        f'<a href="http://www.republika.co.id/kanal/{slug(name)}">{name}</a>'
        for name in article.section
    )
    latest = "\n".join(
        f'\t\t\t<li><a href="{link.href}">{plain(link.title)}</a ></li>' for _, _, link in HEADLINES
    )
    related = "\n".join(
        f'<div class="jdl-beritaterkait"><a href="{link.href}">{plain(link.title)}</a></div>'
        for _, _, link in HEADLINES
    )
    tags = "\n".join(
        f'<span><a href="/indeks/hot_topic/{tag.replace(" ", "_")}" title="{tag}">#{tag}</a></span>'
        for tag in article.tags
    )
    rows = "\n".join(
        f"<tr>\n<td><strong>{label} :</strong> {', '.join(names)}</td>\t</tr>"
        for label, names in (
            ("Reporter", article.reporters),
            ("Redaktur", article.editors),
            ("Sumber", article.sources),
        )
        if names
    )
    text = "\n".join(blocks(article, '<p class="MsoNormal">'))
    generic = "Nasional,Internasional,Dunia islam,Sepakbola,Otomotif,Senggang, Ekonomi, Video"
    return f"""{XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<meta http-equiv="Content-Type" content="text/html; charset=us-ascii" />
<meta http-equiv="expires" content="Tue, 01 Jan 1980 1:00:00 GMT" />
{old_head(article, "newrol", generic)}
</head>
<body id="kanal-nasional" style="" class="page-detail">
<div id="topbar">
  <div class="set-topbar">
\t<div class="date-topbar">{PAGE_DATE_ID}</div>
\t<div class="clear"></div>
  </div>
</div>
<div id="menu-rol"><ul id="menu-rol1"><li cid="2"><a href="http://www.republika.co.id/">Home</a></li>
<li cid="3" class="rol-nav-li"><a href="/kanal/nasional/daerah">Daerah</a></li></ul></div>
<div id="wrapper-rol">
<div id="wrapper-rol2">
<div class="content1">
\t<div class="content1-letf">
<div class="content-left-kanal-2-b">
\t<div class = "kop-content-terpopuler-kanal" > &nbsp; TERKINI </div>
\t<div class="content-terpopuler-kanal"><ul>
{latest}
\t</ul ></div>
</div >
\t</div>
\t<div class="content-detail-center">
\t\t<div id='div-gpt-ad-1358828343244-8' style='margin:0px auto;width:468px; height:60px;'></div>
\t\t<div class="breadcome">
\t\t\t<a href="http://www.republika.co.id/">Home</a> >\x20
\t\t\t{crumbs}
\t\t</div>
\t\t<h1 class="jdl-detail">{plain(article.title)}</h1>
\t\t<div class="rangka">
\t\t\t<div class="date">
\t\t\t\t{long_date(article.printed)}\t\t\t\t</br>
\t\t\t\t<a href="#comments-list">
\t\t\t\t<div class="kom" style="color:#000;float:left;font-size:11px;">
\t\t\t\t\tKomentar : 0
\t\t\t\t</div>
\t\t\t\t</a>
\t\t\t</div>
\t\t\t<div class="clear"></div>
\t\t</div>
\t\t<div class="def-foto" style="padding:0;">
\t\t\t{plain(photo.credit or "")}\t\t</div>
<div class="img-detailberita"><img src="{photo.url}" width="465" height="276"\
 alt="{escape(photo.caption or "")}" /></div>
<div class="rangka"><div class="caption-foto">
\t\t\t\t{plain(photo.caption or "")}\t\t\t</div><div class="size-font"><div class="font-size">\
<a href="#" class="fontSizePlus">A+</a> |<a href="#" class="fontReset">Reset&nbsp;</a>|\
<a href="#" class="fontSizeMinus">A-</a></div></div><div class="clear"></div></div>
\t\t<p class="BD Bodytext" style="BD Bodytext"></p>
\t\t<div class="txt-detailberita">
\t\t\t{text}\t\t</div>
\t\t<style>
\t\t\t.txt-revisiberita {{ font-style: italic; }}
\t\t</style>
\t\t<div class="txt-revisiberita">
\t\t\t\t\t</div>
\t\t<div class="box-foto-terkait">
\t\t<div class="rangka">
\t\t\t<div class="sosmed-detail"><div class="tags"><span><a href="#" class="red"\
 title="Tags">TAGS</a></span>
{tags}
</div></div>
\t\t\t<div class="red" style="margin-top:20px;">
\t\t\t\t<table border="0" width="250" cellspacing="0" cellpadding="0">
{rows}
\t\t\t\t</table>
\t\t\t</div>
\t\t</div>
\t\t<div class="kop-terkait">
\t\t\t<div class="beritaterkait" id="last">Berita Terkait:</div>
{related}
\t\t</div>
\t\t<div class="set-balas"><div class="blok-disclamer"><div class="txt-disclamer">Komentar adalah\
 tanggapan pribadi, tidak mewakili kebijakan redaksi.</div></div></div>
\t\t</div>
\t</div>
</div>
</div>
</div>
</body>
</html>
"""
