# XC Scribe: everything a person runs. Each target is idempotent and leaves no process behind.
# Another Python for the virtual environments; without one, bin/venv takes one that fits.
PYTHON ?=
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
SEED ?= 1
WORKERS ?=

.PHONY: setup run demo test test-all check bench bench-against bench-neighbour pictures soak clients pooled editor font deploy-check drill image-check lock pin-images sbom clean

setup: $(STAMP)

$(STAMP): requirements.txt requirements-embedded.txt requirements-dev.txt
	@PYTHON=$(PYTHON) sh bin/venv $(VENV)
	@echo "Installing packages: about 300 MB, a minute or more the first time …"
	@for try in 1 2 3; do \
	  $(VENV)/bin/uv pip sync --quiet --compile-bytecode --system-certs --python $(PY) requirements.txt requirements-embedded.txt requirements-dev.txt && break; \
	  test $$try != 3 || exit 1; sleep 5; \
	done
	@touch $(STAMP)

run: setup      ## The whole stack on BIND_ADDRESS:PORT, with a demo administrator. Ctrl-C stops all.
	@$(PY) -m scribe.local run

demo: setup     ## The main job over the public API, on a stack of its own.
	@$(PY) -m tests.acceptance.demo

test: setup     ## What starts no process and is soon done, on real PostgreSQL and Valkey. SEED=n draws another order.
	@$(PY) -m pytest -n $(or $(WORKERS),3) --dist loadfile --no-loadscope-reorder --random-order-seed=$(SEED) -m "not process and not thorough"

test-all: setup ## The whole suite: also the stack, what kills it, browsers, S3, the real WordPress, the image's installation, and full sizes.
	@export FULL_SIZES=1; \
	$(PY) -m pytest -n $(or $(WORKERS),4) --dist loadfile --no-loadscope-reorder --random-order-seed=$(SEED) || { test $$? = 1 && \
	  echo "What failed beside others is tried once more alone. What passes then is unsteady: it hides a race or waits too little." && \
	  $(PY) -m pytest -v -x --random-order-seed=$(SEED) --last-failed --last-failed-no-failures none; }

check: setup    ## Lint, types, import contract, migrations, deploy check, OpenAPI document, clients, contract.
	@PY=$(PY) sh bin/check

bench: setup    ## The benchmarks, as ratios.
	@$(PY) -m tests.benchmarks

bench-against: setup ## Rows of the benchmarks at another commit and here, in turn: make bench-against REF=main ROWS="balance list_pages"
	@$(PY) -m tests.benchmarks._against $(or $(REF),main) $(or $(ROWS),balance list_pages import_file)

bench-neighbour: setup ## What bystanders wait for beside a hostile neighbour, part by part and all at once, against quiet: 10 minutes.
	@$(PY) -m tests.benchmarks neighbour

pictures: setup ## A picture of each page, wide and narrow, light and dark, in each language, in var/pictures (needs Chromium).
	@PAGE_PICTURES=var/pictures $(PY) -m pytest -q tests/acceptance/test_pages.py -k by_everybody
	@echo "Pictures: var/pictures"

soak: setup     ## 20 minutes of mixed load and faults; SOAK_MINUTES shortens it.
	@$(PY) -m tests.soak

clients: setup  ## Write the official clients anew from the OpenAPI document, and build them in var/clients (TypeScript where Node is).
	@PY=$(PY) sh bin/clients

editor:         ## The rich-text editor of posts, from workbench/editor into workbench/static (needs Node; nothing else does).
	@cd workbench/editor && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

font:           ## The pages' typeface, from its npm package into workbench/static (needs npm; nothing else does).
	@mkdir -p var && cd var && npm pack --silent @fontsource-variable/inter@5.3.0 >/dev/null && tar xzf fontsource-variable-inter-5.3.0.tgz
	@for part in latin latin-ext; do cp var/package/files/inter-$$part-wght-normal.woff2 workbench/static/workbench/inter-$$part.woff2; done
	@cp var/package/LICENSE workbench/static/workbench/inter.licence.txt && rm -r var/package var/fontsource-variable-inter-5.3.0.tgz

pooled: setup   ## The suite through PgBouncer in transaction mode (Debian's package `pgbouncer`).
	@SCRIBE_TEST_POOLER=1 $(PY) -m pytest -n $(or $(WORKERS),4) --dist loadfile --no-loadscope-reorder

var/deploy/.installed: requirements-deploy.txt
	@PYTHON=$(PYTHON) sh bin/venv var/deploy
	@var/deploy/bin/uv pip install --quiet --system-certs --require-hashes --python var/deploy/bin/python -r requirements-deploy.txt && touch $@

sbom: var/deploy/.installed ## What the image's Python is made of, in CycloneDX, in var/sbom.json.
	@var/deploy/bin/cyclonedx-py requirements requirements.txt --of JSON -o var/sbom.json && echo "var/sbom.json"

deploy-check: var/deploy/.installed ## The Helm chart, linted and rendered by Helm and held to the schemas of Kubernetes. An environment of its own.
	@var/deploy/bin/python -m pytest -c deploy/tests/pytest.ini deploy/tests

drill: setup    ## A disk is lost and the database restored to a second, by pgBackRest with each PostgreSQL of Debian's on this machine.
	@$(PY) -m tests.drill

image-check: setup ## The image's installation and tree, as a user of its own: every process of docker-compose.yml, with each Python that is here.
	@$(PY) -m tests.image

lock: setup     ## Pin the newest versions that requirements*.in allow, with their hashes, and check that they install together.
	@VENV=$(VENV) sh bin/lock
	@$(MAKE) --no-print-directory setup
	@echo "Locked. Now: make check test-all"

pin-images: setup ## Write the digests of the images that we build on and run beside into Dockerfile and docker-compose.yml.
	@$(PY) bin/release-check --pin-images

clean:          ## Forget the virtual environment.
	rm -rf $(VENV)
