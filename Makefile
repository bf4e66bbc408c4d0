# Everything here uses the virtual environment; BIN=path/to/bin chooses another.
BIN ?= .venv/bin
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: check lint types scripts test quick audit dev translations screenshots settings

check: lint types scripts test

lint:
	ruff check .
	ruff format --check .
	djlint --lint --quiet templates

types:
	mypy forum

scripts: static/node_modules/.package-lock.json
	npm --prefix static test

test:
	pytest

quick:
	pytest -m "not browser and not served and not corpus"

# What is known to be wrong with the packages in use. Asks services on the network, so it is not part of check.
audit:
	npm --prefix static audit
	pip-audit --local --skip-editable

static/node_modules/.package-lock.json: static/package-lock.json
	npm --prefix static ci --ignore-scripts --no-audit --no-fund
	touch $@

# The reference classes on http://127.0.0.1:5000; code, templates, CSS and JavaScript are read anew as they change.
dev: static/node_modules/.package-lock.json
	trap 'kill 0' EXIT; npm --prefix static run watch & forum demo --reload

# The pictures of the README, in the Chromium of this machine.
screenshots:
	python docs/screenshots.py

# docs/settings.md, from the settings as they are declared.
settings:
	python docs/settings.py

# Gather the texts, bring the Chinese catalogue up to date, compile it. A text without translation is left empty, not guessed.
POT = forum/translations/messages.pot
PO = forum/translations/zh/LC_MESSAGES/messages.po
translations:
	mkdir -p $(dir $(POT))
	pybabel --quiet extract -F babel.cfg -k _ -k _l -k lazy_gettext -k lazy_ngettext:1,2 --add-location=file --sort-by-file \
		--project="Training Forum" --copyright-holder="Training Forum contributors" -o $(POT) .
	test -f $(PO) || { pybabel --quiet init -i $(POT) -d forum/translations -l zh && sed -i '/^#, fuzzy$$/d' $(PO); }
	pybabel --quiet update -i $(POT) -d forum/translations -l zh --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=120
	pybabel compile -d forum/translations --statistics
