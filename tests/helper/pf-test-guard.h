/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the guard have in common. Board: z97. */
#pragma once

#include "pf-test-watch.h"

G_BEGIN_DECLS

#define PF_TEST_GUARD_XHCI "0000:00:14.0"
#define PF_TEST_GUARD_HOME_VALUE 0x3fff
#define PF_TEST_GUARD_KEYBOARD_VALUE 0x3eff /* ehci2/1 is bit 8 */

PfTestWatch *pf_test_guard_set_up (int *argc, char ***argv);
char *pf_test_guard_apply (const char *id);
void pf_test_guard_apply_quietly (const char *id);
void pf_test_guard_apply_and_confirm (const char *id);
void pf_test_guard_confirm (const char *transaction);
void pf_test_guard_expect_active (const char *id);
void pf_test_guard_expect_state (const char *state);
void pf_test_guard_expect_register (guint offset, guint32 value);
void pf_test_guard_check_kernel_at_home (void);

G_END_DECLS
