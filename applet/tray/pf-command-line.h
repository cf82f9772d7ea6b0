/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-verb.h"

G_BEGIN_DECLS

/**
 * PfCommand:
 * @verb: PF_VERB_NONE for none
 * @target: (nullable): what @verb is done to; owned by the options it was read from
 * @menu: whether to open the menu
 *
 * What a command line asks for.
 */
typedef struct
{
  PfVerb verb;
  const char *target;
  gboolean menu;
} PfCommand;

void pf_command_line_add_options (GApplication *application);
int pf_command_line_handle_local (GVariantDict *options);
gboolean pf_command_line_is_window (PfVerb verb);
gboolean pf_command_line_read (GVariantDict *options, PfCommand *command, GError **error);

G_END_DECLS
