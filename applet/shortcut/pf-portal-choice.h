/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "pf-accel.h"

G_BEGIN_DECLS

/**
 * PfPortalChoice:
 * @command: what it runs, from pf_shortcut_make_command()
 * @accel: the keys that were wished; the desktop may have given others
 * @chosen: when, in microseconds since 1970: whoever chooses the same again wants it tried again
 * @was_bound: whether the desktop has taken it once
 *
 * A shortcut that somebody has chosen for the GlobalShortcuts portal. The portal keeps it only while the
 * program that asked for it runs: so the tray asks for it anew at each start, and what it asks for stands in
 * `$XDG_CONFIG_HOME/portferry/portal-shortcuts`, a key file with a group for each command.
 */
typedef struct
{
  char *command;
  PfAccel *accel;
  gint64 chosen;
  gboolean was_bound;
} PfPortalChoice;

char *pf_portal_choices_get_path (void);
GPtrArray *pf_portal_choices_load (void);
gboolean pf_portal_choices_save (GPtrArray *choices, GError **error);
PfPortalChoice *pf_portal_choices_find (GPtrArray *choices, const char *command);
void pf_portal_choices_set (GPtrArray *choices, const char *command, const PfAccel *accel);
void pf_portal_choices_remove (GPtrArray *choices, const char *command);
gboolean pf_portal_choices_equal (GPtrArray *a, GPtrArray *b);

G_END_DECLS
