# Two commands do nearly all: `make demo` and `make test`. The work is in platform/xtask.
cache := $(or $(KUNDELIK_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kundelik)
export CARGO_TARGET_DIR ?= $(cache)/target
# Cargo knows a crate by its place within the clone, so a clone must not take the crates of another for its own.
$(shell mkdir -p '$(CARGO_TARGET_DIR)'; if cd '$(CARGO_TARGET_DIR)' && [ "$$(cat .clone 2>&1)" != '$(CURDIR)' ]; then rm -rf */.fingerprint/kd-*; echo '$(CURDIR)' > .clone; fi)
xtask := exec cargo run --quiet -p kd-xtask --

.PHONY: demo demo-reset test bench mutants chaos tidy
demo: ; @$(xtask) demo
demo-reset: ; @$(xtask) demo --reset
test: ; @$(xtask) test
bench: ; @$(xtask) bench
mutants: ; @$(xtask) mutants
chaos: ; @$(xtask) chaos
tidy: ; @$(xtask) tidy
