# The two commands that matter are `make run` and `make test`; both install what they lack.
# `make help` names the rest.

# How long `make fuzz` gives each target.
SECONDS ?= 300
RELEASE = build/release
DEBUG = build/debug

.PHONY: help run test prove fuzz bench eval train format check clean build debug packages

help:
	@echo "make run      build the release and analyse examples/intrusion"
	@echo "make test     everything that must pass before a change lands"
	@echo "make prove    what takes longer: fresh recordings, mutations, kills, other people's tools"
	@echo "make fuzz     every fuzz target for SECONDS=$(SECONDS) each"
	@echo "make bench    speed and memory, beside other people's tools"
	@echo "make eval     accuracy on the data in TOCSIN_DATA"
	@echo "make train    the model's weights anew from TOCSIN_DATA"
	@echo "make format   clang-format over the whole tree"
	@echo "make check    the checks of the source alone: layers, style, words, documents"
	@echo "make clean    remove build/"

packages:
	@tools/install-packages

build:
	@tools/build release

debug:
	@tools/build debug

run: packages build
	@$(RELEASE)/tocsin analyze examples/intrusion; status=$$?; [ $$status -le 1 ]

test: packages
	@tools/run-tests

prove: packages build debug
	@tools/prove

fuzz: packages
	@tools/fuzz $(SECONDS)

bench: packages build
	@tools/install-packages packages-bench.txt
	@tools/bench

eval: packages build
	@tools/install-packages packages-bench.txt
	@tools/gather-scripts
	@tools/eval

train: packages build
	@tools/install-packages packages-train.txt
	@tools/train

format: packages
	@git ls-files -co --exclude-standard '*.c' '*.h' '*.cc' | xargs clang-format -i

check: packages debug
	@meson test -C $(DEBUG) --no-rebuild --suite house --print-errorlogs

clean:
	rm -rf build
