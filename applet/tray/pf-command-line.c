/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-command-line.h"

#include <stdlib.h>

#include <glib/gi18n.h>

#include "pf-error.h"

#define EXIT_USAGE 2
#define GO_ON (-1)

static const GOptionEntry entries[] = {
  { "switch", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Switch to the profile ID"), N_ ("ID") },
  { "toggle", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Switch to the profile that was in force before"), NULL },
  { "home", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Bring everything home"), NULL },
  { "ports", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the ports, and what is plugged in"), NULL },
  { "learn", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Name the sockets by plugging something in"), NULL },
  { "new-profile", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Make a profile"), NULL },
  { "edit", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Edit the profile ID"), N_ ("ID") },
  { "welcome", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the first steps"), NULL },
  { "doctor", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Say what stands in the way of lending"), NULL },
  { "shortcut", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Set the keyboard shortcut"), NULL },
  { "guest", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show what the virtual machine has to be told"), NULL },
  { "menu", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Open the menu at the pointer"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const struct
{
  const char *option;
  PfVerb verb;
} verbs[] = {
  { "switch", PF_VERB_SWITCH },     { "toggle", PF_VERB_TOGGLE },   { "home", PF_VERB_HOME },
  { "ports", PF_VERB_PORTS },       { "learn", PF_VERB_LEARN },     { "new-profile", PF_VERB_NEW },
  { "edit", PF_VERB_EDIT },         { "welcome", PF_VERB_WELCOME }, { "doctor", PF_VERB_DOCTOR },
  { "shortcut", PF_VERB_SHORTCUT }, { "guest", PF_VERB_GUEST },
};

/**
 * pf_command_line_is_window:
 * @verb: what a command line asks for
 *
 * Returns: whether that is a window, and not a request for the helper
 */
gboolean
pf_command_line_is_window (PfVerb verb)
{
  return verb == PF_VERB_PORTS || verb == PF_VERB_LEARN || verb == PF_VERB_NEW || verb == PF_VERB_EDIT
         || verb == PF_VERB_WELCOME || verb == PF_VERB_DOCTOR || verb == PF_VERB_SHORTCUT
         || verb == PF_VERB_GUEST;
}

/**
 * pf_command_line_add_options:
 * @application: the tray's application
 */
void
pf_command_line_add_options (GApplication *application)
{
  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_parameter_string (application, NULL);
  g_application_set_option_context_summary (
      application,
      _ ("Lends USB ports and whole USB controllers to a virtual machine, and brings them back.\n"
         "Without an option, the tray icon is started."));
  g_application_set_option_context_description (
      application,
      _ ("--switch, --toggle and --home wait until it is done. The exit status is 0 when it was done,\n"
         "1 when it failed and 2 for a wrong command line."));
}

/**
 * pf_command_line_read:
 * @options: the parsed options
 * @command: (out caller-allocates): what they ask for
 * @error: where they contradict each other
 *
 * Returns: whether they make sense
 */
gboolean
pf_command_line_read (GVariantDict *options, PfCommand *command, GError **error)
{
  guint n = 0;

  *command = (PfCommand){ .verb = PF_VERB_NONE };
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_variant_dict_contains (options, verbs[i].option) && ++n > 0)
      {
        command->verb = verbs[i].verb;
        g_variant_dict_lookup (options, verbs[i].option, "&s", &command->target);
      }
  if (g_variant_dict_contains (options, "menu") && ++n > 0)
    command->menu = TRUE;
  if (n > 1)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           _ ("Only one of these options can be given."));
      return FALSE;
    }
  return TRUE;
}

/**
 * pf_command_line_handle_local:
 * @options: the parsed options
 *
 * Does what needs no running application, in the process that was called.
 *
 * Returns: an exit status, or -1 to go on
 */
int
pf_command_line_handle_local (GVariantDict *options)
{
  PfCommand command;
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("portferry %s\n", PF_VERSION);
      return EXIT_SUCCESS;
    }
  if (!pf_command_line_read (options, &command, &error))
    {
      g_printerr ("portferry: %s\n", error->message);
      return EXIT_USAGE;
    }
  return GO_ON;
}
