/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reading /sys, /proc and /lib/modules as an ordinary user, below a root that only tests choose. Nothing of
 * it is written, and what is missing or too long is as good as not there. */

char *pf_doctor_file_read (const char *root, const char *path);
char *pf_doctor_file_read_all (const char *root, const char *path);
char *pf_doctor_file_read_attribute (const char *root, const char *folder, const char *name);
gsize pf_doctor_file_read_bytes (const char *root, const char *path, guint8 *bytes, gsize length);
guint pf_doctor_file_read_hex (const char *root, const char *folder, const char *name);
char *pf_doctor_file_read_link_name (const char *root, const char *path);
char **pf_doctor_file_list (const char *root, const char *folder);
gboolean pf_doctor_file_exists (const char *root, const char *path);

G_END_DECLS
