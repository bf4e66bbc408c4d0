"""What somebody sends as a file: taken as what it is, or refused with a sentence that names what is taken."""

from dataclasses import dataclass

from forum.attachments.kinds import document_type
from forum.attachments.models import FileType
from forum.attachments.names import clean_name, plain_name
from forum.attachments.pictures import is_picture, is_too_large, read_picture
from forum.errors import Refused
from forum.greenlets import aside
from forum.i18n import gettext as _

# As an iPhone keeps photos. It sends JPEG itself where a page asks for that.
_HEIC = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"))


@dataclass(frozen=True, slots=True)
class Content:
    name: str
    type: FileType
    data: bytes
    small: bytes | None = None
    width: int | None = None
    height: int | None = None


def read_content(sent: str, data: bytes) -> Content:
    """Takes its time over a picture: nobody should be waiting for the database meanwhile."""
    if is_picture(data):
        return _picture(sent, data)
    if data[4:12] in _HEIC:
        words = _("“%(name)s” is an HEIC photo, which browsers cannot show. Please choose or save it as JPEG.")
        raise Refused(words % {"name": shown(sent)})
    type_ = document_type(sent, data)
    if type_ is None:
        words = _(
            "“%(name)s” cannot be added. What can: pictures (JPEG, PNG, GIF, WebP), PDF, Word, Excel and PowerPoint "
            "files without macros, and plain text (TXT, CSV)."
        )
        raise Refused(words % {"name": shown(sent)})
    return Content(clean_name(sent, type_), type_, data)


def shown(sent: str) -> str:
    """The name as it stands in a sentence, before it is known what the file is."""
    return plain_name(sent)[:60] or "file"


def _picture(sent: str, data: bytes) -> Content:
    if is_too_large(data):
        words = _("“%(name)s” has more pixels than can be shown here. Please make the picture smaller.")
        raise Refused(words % {"name": shown(sent)})
    picture = aside(read_picture, data)
    if picture is None:
        raise Refused(_("“%(name)s” is damaged: it cannot be shown as a picture.", name=shown(sent)))
    name = clean_name(sent, picture.type)
    return Content(name, picture.type, picture.data, picture.small, picture.width, picture.height)
