"""The templates of 2015-18: an article, and the skin of photo galleries."""

from __future__ import annotations

from html import escape

from samples.articles.model import (
    HEADLINES,
    Article,
    slug,
)
from samples.pages.common import XHTML, body, long_date, old_head, plain

_ROL_GENERIC = "News, Ekonomi, Sepakbola, Khazanah,Dunia Islam, Leisure,Inpicture,Video"
_ROL_HEADER = """\
<div class="navbar-fixed-top">
<header>
<div class="wp-set-all-header ">
  <div class="header1"><div class="header1-a"><div class="header-1-a-1">\
<a href="http://www.republika.co.id/kanal/koran">EDISI KORAN</a></div></div></div>
  <div class="header2"><div class="logo logo-news"><h1>\
<a href="http://www.republika.co.id/kanal/news">News</a></h1></div></div>
</div>
</header>
</div>"""
_ROL_SHARE = """\
<div class="wp-sosmed-d">
<div class="wp-visit share">
<span>0</span>
<strong>SHARE</strong>
</div>
<div class="wp-visit komentar"><a href="#comment-list" class="komentar"><span>0</span>\
<strong>KOMENTAR</strong></a></div>
</div>"""


def rol(article: Article) -> str:
    photo = article.photos[0]
    crumbs = " &gt; \n".join(
        f'        <a href="/kanal/{slug(name)}">{name}</a>' for name in article.section
    )
    tags = "\n".join(
        f'<div class="tagging"><a href="/indeks/hot_topic/{tag.replace(" ", "_")}"'
        f' title="{tag}">#{tag}</a></div>'
        for tag in article.tags
    )
    related = "\n".join(
        f'<li><a href="{link.href}">{plain(link.title)}</a></li>' for _, _, link in HEADLINES
    )
    others = "\n".join(
        f'<div class="wp-conten-terkini"><div class="jdl-ct"> <div class="nm-kanal">'
        f'<a href="#">{kanal}</a></div>\n<div class="date">{when}</div>\n<div class="jdl-ct-a">'
        f'<h3><a href="{link.href}" rel="tooltip" title="{escape(link.title)}">'
        f"{plain(link.title)}</a></h3></div></div></div>"
        for kanal, when, link in HEADLINES
    )
    source = "".join(
        f'<div style="font-weight:bold;">Sumber : {name}</div>' for name in article.sources
    )
    reporters = f"Rep: {', '.join(article.reporters)}/" if article.reporters else ""
    return f"""{XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<meta name="viewport" content="width=device-width, initial-scale=1">
{old_head(article, "rol", _ROL_GENERIC)}
</head>
<body>
<div class="wp-set-all news">
{_ROL_HEADER}
    <div class='top-conten-detail'></div>
    <div class="wp-conten details">
     <div class="wp-conten-center-detail">
     <!-- detail -->
    <div class="wp-conten-detail">
    <div class="breadcome">
        <a href="http://www.republika.co.id/">Home</a> >\x20
        <!--
                <a href=""></a> &gt;\x20
                <a href=""></a></div>
        -->
{crumbs}
        </div>
    <div class="date-detail">{long_date(article.printed)}</div>
             <div class="jdl-detail"><h2>{plain(article.title)}</h2></div>
    <div class="wp-reset">
    <div class="red">{reporters} <span>
             </span> Red: {", ".join(article.editors)}</div>
    <!--
    <div class="wp-reset1">
    <div class="reset">A+</div>
    </div>
    -->
    <div class="clear"></div>
    </div>
    <div class="img-detail">
     <div class="cap-foto">
      {plain(photo.credit or "")}      </div>
              <img src="{photo.url}"  alt="{escape(photo.caption or "")}" />
    </div>
    <div class="wp-cap">
    <div class="caption">{plain(photo.caption or "")}</div>
    </div>
    <div class="detail-berita">
    <div class="ads-160">   <div  id='div-gpt-ad-1443610279658-0' class="ads Left_120x600">
    </div>
</div>
      <div class="content-detail">
        {body(article)}</div>
                     {source}
    </div>
{_ROL_SHARE}
    <div class="wp-sosmed-d">
    <div class="wp-visit"><span>TAG</span><div class="clear"></div></div>
{tags}
    <div class="clear"></div>
    </div>
    <div class="wrap-dt detail-terkait">
    <div class="detail-terkait-1">
        <div class="kop-judul"><h2>Berita Terkait</h2><div class="clear"></div></div>
        <ul class="">
{related}
        </ul>
    </div>
    </div>
<div class="wp-terkini-center">
          <div class="kop-judul kop-1-a ">
                <h2 class="tab-current" data-count="15" rel="nasional">
                    <a href="#section-linemove-1" >Berita Lainnya</a>
                </h2>
          </div>
    <div class="content-current">
{others}
    </div>
</div>
    </div>
    <!-- detail -->
    </div>
    </div>
<div class="copyright">Copyright © 2015 republika.co.id, All right reserved </div>
</div>
</body>
</html>
"""


def rol_gallery(article: Article) -> str:
    thumbs = "\n".join(
        f'    <a href=\'{article.url}-{number}\' class="image_detail" id="thumbs-{number}">'
        f'<img width="156px" height="101px" caption="{escape(photo.caption or "")}'
        f'{"." if number == 2 else ""}({photo.credit})" class="thumbs-{number}"'
        f' src="{photo.url}" /></a>'
        for number, photo in enumerate(article.photos, start=1)
    )
    tabs = "\n".join(
        f'<li>\n<div class="date-tab">{when}</div>\n<h5><a href="{link.href}" rel="tooltip"'
        f' class="judul-2" title="In Picture: {escape(link.title)}">'
        f'<span class="teaser-late">{plain(link.title)}</span></a></h5>\n</li>'
        for _, when, link in HEADLINES
    )
    return f"""{XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<meta name="viewport" content="width=device-width, initial-scale=1">
{old_head(article, "rol", _ROL_GENERIC)}
<link href="http://www.republika.co.id/files/inpicture/css/inpicture-ROL.css" rel="stylesheet"\
 type="text/css" />
</head>
<body>
<div class="wp-set-all inpicture">
{_ROL_HEADER}
<div class='top-conten-detail'></div>
      <div id="conten-inpicture">
      <div class="min-gallery">
        <div class="big-image"><div style="width:800px">
        <img src="http://www.republika.co.id/files/inpicture/images/loading.gif"\
  class="img-loading"></div></div>
        <div class="thumb-gallery">
          <div class="gallery_" style="width: 2000px;float: left;">
{thumbs}
          </div>
        </div>
        <div class="clear"></div>
      </div>
      <div class="index-photo">
      <div class="jdl-pic">In Picture: {plain(article.title)}</div>
      <div class="date-pic">{long_date(article.printed)}</div>
    <div class="teaser-pic">{body(article)}</div>
     <div class="red">
   <table width="349px" border="0" cellpadding="0" cellspacing="0">
      <tr>
      <td width="62"><strong>Redaktur</strong></td>
      <td width="10">:</td>
      <td width="157">{", ".join(article.editors)}</td>
      </tr>
    </table>
    </div>
        <div class="rangka">
          <div class="jdl-7news">FOTO TERKAIT:</div>
        </div>
{_ROL_SHARE}
      </div>
     <div class="cl-2">
           <div class="terpopuler">
        <div id="tab1" class="tab">
            <ul>
{tabs}
            </ul>
        </div>
           </div>
     </div>
      </div>
</div>
</body>
</html>
"""
