/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-commands.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "pf-ctl-agent.h"
#include "pf-ctl-exit.h"
#include "pf-ctl-json.h"

#define PROGRAM "portferryctl"

static const PfCtlCommand *const commands[] = {
  &pf_ctl_command_status,  &pf_ctl_command_controllers, &pf_ctl_command_ports,   &pf_ctl_command_profiles,
  &pf_ctl_command_preview, &pf_ctl_command_switch,      &pf_ctl_command_toggle,  &pf_ctl_command_home,
  &pf_ctl_command_confirm, &pf_ctl_command_revert,      &pf_ctl_command_add,     &pf_ctl_command_edit,
  &pf_ctl_command_remove,  &pf_ctl_command_label,       &pf_ctl_command_monitor,
  &pf_ctl_command_doctor,  &pf_ctl_command_report,      &pf_ctl_command_shortcut,
  &pf_ctl_command_attach,  &pf_ctl_command_detach,      &pf_ctl_command_attend,  &pf_ctl_command_vm_config,
  &pf_ctl_command_guest_kit, &pf_ctl_command_take_home,
};

static const PfCtlCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  return NULL;
}

/* --- Errors --- */

static void
print_error (const PfCtl *ctl, const GError *error)
{
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      json_builder_begin_object (json);
      pf_ctl_json_add_error (json, error);
      json_builder_end_object (json);
      pf_ctl_json_print (json, TRUE);
      return;
    }
  pf_ctl_screen_say (&ctl->errors, 0, PF_CTL_STYLE_PLAIN, "%s: %s", PROGRAM, error->message);
}

/* Takes @error. @line could not be understood, so whether it asks for JSON has to be looked for by hand. */
static int
fail_usage (PfCtl *ctl, char **line, GError *error)
{
  ctl->json = ctl->json || g_strv_contains ((const char *const *) line, "--json");
  if (error->domain == G_OPTION_ERROR)
    {
      GError *same = g_error_new_literal (PF_ERROR, PF_ERROR_INVALID_ARGUMENT, error->message);

      g_error_free (error);
      error = same;
    }
  print_error (ctl, error);
  if (!ctl->json)
    pf_ctl_screen_say (&ctl->errors, 0, PF_CTL_STYLE_PLAIN, _ ("Try “%s --help”."), g_get_prgname ());
  g_error_free (error);
  return PF_CTL_EXIT_USAGE;
}

/* --- One command --- */

static gboolean
check_count (const PfCtlCommand *command, guint count, GError **error)
{
  if (count < command->min_arguments)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Something is missing: %s %s %s"),
                 PROGRAM, command->name, command->arguments);
  else if (count > command->max_arguments)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("That is too much: %s %s %s"), PROGRAM,
                 command->name, command->arguments != NULL ? command->arguments : "");
  else
    return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable): @arguments without the first one, as UTF-8. */
static char **
convert_arguments (char **arguments, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (char **argument = arguments + 1; *argument != NULL; argument++)
    {
      g_autofree char *text = g_locale_to_utf8 (*argument, -1, NULL, NULL, NULL);

      /* The locale of a bare SSH session is often "C", while everything else speaks UTF-8. */
      if (text == NULL && g_utf8_validate (*argument, -1, NULL))
        text = g_strdup (*argument);
      if (text == NULL)
        {
          g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                               _ ("An argument is not text in the character set of this terminal."));
          return NULL;
        }
      g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

static GOptionContext *
make_context (const PfCtlCommand *command, PfCtl *ctl)
{
  GOptionContext *context = g_option_context_new (command->arguments);
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  const GOptionEntry asking[] = {
    { "no-interaction", 0, 0, G_OPTION_ARG_NONE, &ctl->no_interaction, N_ ("Never ask for a password"),
      NULL },
    { NULL },
  };

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, command->summary);
  if (command->details != NULL)
    g_option_context_set_description (context, command->details);
  if (command->entries != NULL)
    g_option_context_add_main_entries (context, command->entries, GETTEXT_PACKAGE);
  if (command->may_ask)
    g_option_context_add_main_entries (context, asking, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  return context;
}

/* @arguments begins with the command's name. */
static char **
parse_command (const PfCtlCommand *command, PfCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (GOptionContext) context = make_context (command, ctl);
  g_auto (GStrv) rest = g_strdupv (arguments);
  g_auto (GStrv) converted = NULL;

  if (!g_option_context_parse_strv (context, &rest, error))
    return NULL;
  converted = convert_arguments (rest, error);
  if (converted == NULL || !check_count (command, g_strv_length (converted), error))
    return NULL;
  return g_steal_pointer (&converted);
}

static int
run_command (const PfCtlCommand *command, PfCtl *ctl, char **arguments)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (command->may_ask && !ctl->no_interaction)
    pf_ctl_agent_start ();
  ctl->client = pf_client_new ();
  done = command->run (ctl, arguments, &error);
  g_clear_object (&ctl->client);
  if (done)
    return PF_CTL_EXIT_DONE;
  if (!ctl->reported)
    print_error (ctl, error);
  return pf_ctl_exit_from_error (error);
}

/* --- All of them --- */

static char *
describe_commands (void)
{
  GString *text = g_string_new (_ ("Commands:"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "\n  %-12s %s", commands[i]->name, _ (commands[i]->summary));
  g_string_append_printf (text, "\n\n%s\n%s", _ ("portferryctl COMMAND --help tells more about each."),
                          _ ("Exit codes: 0 done, 1 failed, 2 usage, 3 not authorized, 4 objection."));
  return g_string_free (text, FALSE);
}

/* Takes the options before the command off @arguments, which begins with the program. */
static gboolean
parse_common (PfCtl *ctl, char ***arguments, gboolean *wants_version, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[COMMAND …]"));
  g_autofree char *description = describe_commands ();
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_ ("Print JSON"), NULL },
    { "no-interaction", 0, 0, G_OPTION_ARG_NONE, &ctl->no_interaction, N_ ("Never ask for a password"),
      NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, wants_version, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context,
                                _ ("Lends USB ports and whole USB controllers to a virtual machine, and "
                                   "brings them back."));
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return g_option_context_parse_strv (context, arguments, error);
}

static int
run_named (PfCtl *ctl, char **line, char **arguments)
{
  const char *name = arguments[1] != NULL ? arguments[1] : pf_ctl_command_status.name;
  const PfCtlCommand *command = find_command (name);
  char *only_name[] = { (char *) name, NULL };
  g_autofree char *program = NULL;
  g_auto (GStrv) rest = NULL;
  GError *error = NULL;

  if (command == NULL)
    {
      g_autofree char *shown = g_utf8_make_valid (name, -1);

      error = g_error_new (PF_ERROR, PF_ERROR_INVALID_ARGUMENT, _ ("There is no command “%s”."), shown);
      return fail_usage (ctl, line, error);
    }
  program = g_strdup_printf (PROGRAM " %s", name);
  g_set_prgname (program);
  rest = parse_command (command, ctl, arguments[1] != NULL ? arguments + 1 : only_name, &error);
  return rest != NULL ? run_command (command, ctl, rest) : fail_usage (ctl, line, error);
}

static int
run_line (PfCtl *ctl, char **line)
{
  g_auto (GStrv) rest = g_strdupv (line);
  gboolean wants_version = FALSE;
  GError *error = NULL;

  if (!parse_common (ctl, &rest, &wants_version, &error))
    return fail_usage (ctl, line, error);
  if (!wants_version)
    return run_named (ctl, line, rest);
  g_print (PROGRAM " %s\n", PF_VERSION);
  return PF_CTL_EXIT_DONE;
}

/* Half an answer must not pass for a whole one. */
static int
finish_output (PfCtl *ctl, int code)
{
  gboolean failed = ferror (stdout) != 0;

  if (fflush (stdout) == 0 && !failed)
    return code;
  pf_ctl_screen_say (&ctl->errors, 0, PF_CTL_STYLE_PLAIN, "%s: %s", PROGRAM,
                     _ ("The answer could not be printed."));
  return code == PF_CTL_EXIT_DONE ? PF_CTL_EXIT_FAILED : code;
}

/**
 * pf_ctl_commands_run:
 * @line: (array zero-terminated=1): the command line, as main() was given it
 *
 * Returns: the exit code
 */
int
pf_ctl_commands_run (char **line)
{
  PfCtl ctl = { 0 };

  g_set_prgname (PROGRAM);
  pf_ctl_screen_init (&ctl.screen, stdout);
  pf_ctl_screen_init (&ctl.errors, stderr);
  if (!isatty (STDERR_FILENO))
    ctl.errors.width = G_MAXUINT; /* logs and scripts want a message on one line */
  return finish_output (&ctl, run_line (&ctl, line));
}
