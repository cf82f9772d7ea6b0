/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client on the bus hears of the helper, in order and with the time. */
#pragma once

#include "pf-test-helper.h"

G_BEGIN_DECLS

typedef struct _PfTestWatch PfTestWatch;

PfTestWatch *pf_test_watch_new (void);
void pf_test_watch_free (PfTestWatch *watch);
GDBusConnection *pf_test_watch_get_bus (PfTestWatch *watch);
void pf_test_watch_clear (PfTestWatch *watch);
gint64 pf_test_watch_wait (PfTestWatch *watch, const char *text, guint timeout_ms);
void pf_test_watch_expect (PfTestWatch *watch, const char *text);
guint pf_test_watch_count (PfTestWatch *watch, const char *text);
char *pf_test_watch_get_owner (PfTestWatch *watch);
gboolean pf_test_watch_wait_for_exit (PfTestWatch *watch, guint timeout_ms);
guint32 pf_test_watch_get_pid (PfTestWatch *watch);
void pf_test_watch_kill_helper (PfTestWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTestWatch, pf_test_watch_free)

G_END_DECLS
