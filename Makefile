# heddle: see README.md. Quiet unless V=1.
BUILD ?= build
PREFIX ?= /usr/local
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
VERSION := 0.1.0

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$@)')

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror=implicit-function-declaration
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(WARNINGS) $(CFLAGS) -Iharness -Iinclude -D_GNU_SOURCE -DHEDDLE_VERSION='"$(VERSION)"' -MMD -MP
# The library runs on borrowed thread control blocks: no stack protector, and nothing that turns its own loops into calls of
# functions that it interposes.
LIB_CFLAGS = -fPIC -fvisibility=hidden -fno-stack-protector -fno-builtin -fno-tree-loop-distribute-patterns -ftls-model=initial-exec

LIB_ROOMS := base model policy detect machine session intercept
LIB_SRC := $(filter-out harness/base/error.c,$(sort $(foreach r,$(LIB_ROOMS),$(wildcard harness/$(r)/*.c) $(wildcard harness/$(r)/*.S))))
CLI_SRC := $(sort $(foreach r,base model trace report cli,$(wildcard harness/$(r)/*.c)))
CALL_SRC := $(sort $(wildcard harness/call/*.c))
HOOKS_SRC := $(sort $(wildcard harness/cc/hooks_*.c) $(wildcard harness/cc/hooks_*.S))
CC_SRC := harness/cc/heddle_cc.c harness/cc/arguments.c harness/cc/command.c harness/cc/places.c

LIB_OBJ := $(patsubst harness/%,$(BUILD)/lib-obj/%.o,$(LIB_SRC))
CLI_OBJ := $(patsubst harness/%,$(BUILD)/cli-obj/%.o,$(CLI_SRC))
CALL_OBJ := $(patsubst harness/%,$(BUILD)/pic-obj/%.o,$(CALL_SRC))
HOOKS_OBJ := $(patsubst harness/%,$(BUILD)/pic-obj/%.o,$(HOOKS_SRC))
CC_OBJ := $(patsubst harness/%,$(BUILD)/cli-obj/%.o,$(CC_SRC))

CLI_LIBS := -ldw -lelf -ljansson

PRODUCTS := $(BUILD)/heddle $(BUILD)/heddle-cc $(BUILD)/heddle-c++ $(BUILD)/libheddle.so \
	$(BUILD)/lib/libheddle_hooks.a $(BUILD)/lib/libheddle_call.a $(BUILD)/lib/libtsan.so.2 $(BUILD)/lib/hooks.specs $(BUILD)/include/heddle.h

all: $(PRODUCTS)
.PHONY: all
.DELETE_ON_ERROR:

$(BUILD)/lib-obj/%.o: harness/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LIB_CFLAGS) -c $< -o $@

$(BUILD)/cli-obj/%.o: harness/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/pic-obj/%.o: harness/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -c $< -o $@

$(BUILD)/libheddle.so: $(LIB_OBJ)
	$(call say,LINK)
	$(Q)$(CC) -shared -Wl,-soname,libheddle.so -Wl,-z,defs -Wl,-z,now \
		$(CFLAGS) -o $@ $(LIB_OBJ) -ldl

$(BUILD)/heddle: $(CLI_OBJ)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -o $@ $(CLI_OBJ) $(CLI_LIBS)

$(BUILD)/heddle-cc $(BUILD)/heddle-c++: $(CC_OBJ)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -o $@ $(CC_OBJ)

$(BUILD)/lib/libheddle_hooks.a: $(HOOKS_OBJ)
	$(call say,AR)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $(HOOKS_OBJ)

$(BUILD)/lib/libheddle_call.a: $(CALL_OBJ)
	$(call say,AR)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $(CALL_OBJ)

# An empty library that bears the name of gcc's: preloaded, it takes its place in a program that was built to need it.
$(BUILD)/lib/libtsan.so.2:
	$(call say,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -shared -nostdlib -Wl,-soname,libtsan.so.2 -x c /dev/null -o $@

# The scenarios, built as a user builds a program.
SCENARIOS := $(patsubst scenarios/%.c,$(BUILD)/scenarios/%,$(sort $(wildcard scenarios/*.c)))

scenarios: $(SCENARIOS)
.PHONY: scenarios

$(BUILD)/scenarios/%: scenarios/%.c scenarios/must.h include/heddle.h $(BUILD)/heddle-cc \
		$(BUILD)/lib/libheddle_hooks.a $(BUILD)/lib/libheddle_call.a
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-cc -g -O1 -Wall -Wextra -Iinclude -pthread $< -o $@

$(BUILD)/lib/hooks.specs: harness/cc/hooks.specs
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(BUILD)/include/heddle.h: include/heddle.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

# A counter that loses an update, and one that does not.
demo: all scenarios
	$(Q)scenarios/demo.sh $(BUILD)
.PHONY: demo

# The manual page, from the same table as --help.
$(BUILD)/heddle.1: $(BUILD)/heddle
	$(call say,MAN)
	$(Q)$< --man > $@

clean:
	$(Q)rm -rf $(BUILD)
.PHONY: clean

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(CALL_OBJ:.o=.d) $(HOOKS_OBJ:.o=.d) $(CC_OBJ:.o=.d)
