"""What every form has in common: typed text only, without NUL, which no database takes."""

from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> MultiDict[str, str] | None:
            """A file sent under the name of a field, or a number in JSON, is as good as nothing sent."""
            try:
                sent = super().wrap_formdata(form, formdata)
            except (TypeError, ValueError):
                return None
            if sent is None:
                return None
            typed = [(name, value) for name, value in sent.items(multi=True) if isinstance(value, str)]
            return MultiDict((name, value.replace("\x00", "")) for name, value in typed)
