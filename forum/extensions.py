"""Unbound extension objects; create_app binds them."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
# Its protection marks a session whose address changed, as a phone's does all day, and we ask for no such mark.
login_manager.session_protection = None
migrate = Migrate()
