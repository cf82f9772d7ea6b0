/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder made for one test, with all that is in it gone at the end. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *pf_test_folder_new (void);
void pf_test_folder_remove (char *folder);
void pf_test_folder_write (const char *folder, const char *name, const char *text);
char *pf_test_folder_read (const char *folder, const char *name);
void pf_test_iterate_until (gboolean *flag, guint timeout_ms);

G_END_DECLS
