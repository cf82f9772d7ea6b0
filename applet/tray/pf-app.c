/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-app.h"

#include <stdlib.h>

#include <glib/gi18n.h>

#include "pf-about.h"
#include "pf-command-line.h"
#include "pf-first-run.h"
#include "pf-hand-over.h"
#include "pf-indicator.h"
#include "pf-locker.h"
#include "pf-notifier.h"
#include "pf-profile.h"
#include "pf-question.h"
#include "pf-windows.h"

struct _PfApp
{
  GtkApplication parent;
  PfTray *tray;
  PfAttendant *attendant;
  PfNotifier *notifier;
  PfQuestion *question;
  PfLocker *locker;
  PfHandOver *hand_over;
  PfWindows *windows;
  PfPortalKeys *portal_keys;
  PfFirstRun *first_run;
  int exit_status;        /* of a command line that this process itself was called with */
  PfIndicator *indicator; /* (nullable): there is none in a process that only carries out its command line */
};

G_DEFINE_TYPE (PfApp, pf_app, GTK_TYPE_APPLICATION)

static void
choose (PfApp *app, PfVerb verb, const char *target)
{
  PfRequest request = { .verb = verb, .target = target, .origin = "tray" };

  switch (verb)
    {
    case PF_VERB_SWITCH:
      if (!g_str_equal (target, PF_PROFILE_HOME))
        {
          pf_hand_over_begin (app->hand_over, target);
          break;
        }
      /* fall through */
    case PF_VERB_TOGGLE:
    case PF_VERB_HOME:
    case PF_VERB_CONFIRM:
    case PF_VERB_REVERT:
      /* The answer is shown by the menu and the notifier. */
      pf_tray_ask_async (app->tray, &request, NULL, NULL);
      break;
    case PF_VERB_PORTS:
      pf_windows_show_ports (app->windows);
      break;
    case PF_VERB_LEARN:
      pf_windows_show_learn (app->windows);
      break;
    case PF_VERB_NEW:
    case PF_VERB_EDIT:
      pf_windows_show_editor (app->windows, target);
      break;
    case PF_VERB_WELCOME:
      pf_windows_show_welcome (app->windows);
      break;
    case PF_VERB_DOCTOR:
      pf_windows_show_doctor (app->windows);
      break;
    case PF_VERB_SHORTCUT:
      pf_windows_show_shortcut (app->windows);
      break;
    case PF_VERB_GUEST:
      pf_windows_show_vm (app->windows);
      break;
    case PF_VERB_ABOUT:
      pf_about_show ();
      break;
    case PF_VERB_QUIT:
      g_application_quit (G_APPLICATION (app));
      break;
    case PF_VERB_NONE:
      break;
    }
}

static const struct
{
  const char *name;
  const char *type;
  PfVerb verb;
} actions[] = {
  { "switch", "s", PF_VERB_SWITCH },     { "toggle", NULL, PF_VERB_TOGGLE },
  { "home", NULL, PF_VERB_HOME },        { "confirm", "s", PF_VERB_CONFIRM },
  { "revert", "s", PF_VERB_REVERT },     { "about", NULL, PF_VERB_ABOUT },
  { "quit", NULL, PF_VERB_QUIT },        { "ports", NULL, PF_VERB_PORTS },
  { "learn", NULL, PF_VERB_LEARN },      { "new-profile", NULL, PF_VERB_NEW },
  { "edit-profile", "s", PF_VERB_EDIT }, { "welcome", NULL, PF_VERB_WELCOME },
  { "doctor", NULL, PF_VERB_DOCTOR },    { "shortcut", NULL, PF_VERB_SHORTCUT },
  { "guest", NULL, PF_VERB_GUEST },
};

static void
on_action_activate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      choose (user_data, actions[i].verb, parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL);
}

static void
add_actions (PfApp *app)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      const GVariantType *type = actions[i].type != NULL ? G_VARIANT_TYPE (actions[i].type) : NULL;
      g_autoptr (GSimpleAction) action = g_simple_action_new (actions[i].name, type);

      g_signal_connect (action, "activate", G_CALLBACK (on_action_activate), app);
      g_action_map_add_action (G_ACTION_MAP (app), G_ACTION (action));
    }
}

static void
on_indicator_chosen (PfIndicator *indicator, guint verb, const char *target, gpointer user_data)
{
  choose (user_data, (PfVerb) verb, target);
}

/* As the desktop's own settings would call us, whose process waits for no answer either. */
static void
on_portal_keys_activated (PfApp *app, const char *action, const char *profile)
{
  PfRequest request = { .verb = PF_VERB_TOGGLE, .target = profile, .origin = "hotkey" };

  if (g_str_equal (action, "home"))
    request.verb = PF_VERB_HOME;
  else if (g_str_equal (action, "switch"))
    request.verb = PF_VERB_SWITCH;
  pf_tray_ask_async (app->tray, &request, NULL, NULL);
}

static void
pf_app_startup (GApplication *application)
{
  PfApp *app = PF_APP (application);
  g_autoptr (PfClient) client = NULL;

  /* By this name desktops find the desktop file of a window. Until here it was what --help calls us. */
  g_set_prgname (PF_APP_ID);
  gdk_set_program_class (PF_APP_ID);
  G_APPLICATION_CLASS (pf_app_parent_class)->startup (application);
  gtk_window_set_default_icon_name (PF_APP_ID);
  client = pf_client_new ();
  app->tray = pf_tray_new (client);
  app->attendant = pf_attendant_new (client);
  app->notifier = pf_notifier_new (application, app->tray, app->attendant);
  app->question
      = pf_question_new (GTK_APPLICATION (app), app->tray, pf_notifier_get_question (app->notifier));
  app->locker = pf_locker_new (application, app->tray);
  app->hand_over = pf_hand_over_new (GTK_APPLICATION (app), app->tray);
  app->portal_keys = pf_portal_keys_new (PF_APP_ID);
  g_signal_connect_object (app->portal_keys, "activated", G_CALLBACK (on_portal_keys_activated), app,
                           G_CONNECT_SWAPPED);
  app->windows = pf_windows_new (GTK_APPLICATION (app), client, app->portal_keys);
  app->first_run = pf_first_run_new (app->tray);
  g_signal_connect_swapped (app->first_run, "welcome", G_CALLBACK (pf_windows_show_welcome), app->windows);
  add_actions (app);
}

static void
pf_app_activate (GApplication *application)
{
  PfApp *app = PF_APP (application);

  if (app->indicator != NULL)
    {
      /* Whoever starts us again wants to see us. */
      pf_indicator_popup (app->indicator);
      return;
    }
  app->indicator = pf_indicator_new (app->tray);
  g_signal_connect (app->indicator, "chosen", G_CALLBACK (on_indicator_chosen), app);
  pf_notifier_set_buttons (app->notifier, TRUE);
  pf_question_set_buttons (app->question, TRUE);
  pf_first_run_begin (app->first_run);
  pf_portal_keys_begin (app->portal_keys);
  g_application_hold (application);
}

static void
on_attendant_rested (PfAttendant *attendant, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (attendant, on_attendant_rested, user_data);
  g_application_release (G_APPLICATION (user_data));
}

/* Nor does it end while a virtual machine has yet to let go of something. */
static void
release_when_rested (PfApp *app)
{
  if (pf_attendant_is_busy (app->attendant))
    g_signal_connect (app->attendant, "rested", G_CALLBACK (on_attendant_rested), app);
  else
    g_application_release (G_APPLICATION (app));
}

/* A process that ends after one request waits until it has heard, and told the desktop, how that went. */
static void
on_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplicationCommandLine) command_line = user_data;
  g_autoptr (GError) error = NULL;

  if (!pf_client_wake_finish (PF_CLIENT (source), result, &error))
    g_debug ("The switch was done, but its report was not heard: %s", error->message);
  release_when_rested (PF_APP (g_application_get_default ()));
}

/* The status of a command line that came from another process goes back to it. That of our own would be lost,
 * because GApplication takes it before the answer is known. */
static void
set_exit_status (GApplicationCommandLine *command_line, int status)
{
  PfApp *app = PF_APP (g_application_get_default ());

  g_application_command_line_set_exit_status (command_line, status);
  if (!g_application_command_line_get_is_remote (command_line))
    app->exit_status = status;
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplicationCommandLine) command_line = user_data;
  PfTray *tray = PF_TRAY (source);
  g_autoptr (GError) error = NULL;

  if (pf_tray_ask_finish (tray, result, &error))
    {
      set_exit_status (command_line, EXIT_SUCCESS);
      pf_client_wake_async (pf_tray_get_client (tray), NULL, on_told, g_steal_pointer (&command_line));
      return;
    }
  set_exit_status (command_line, EXIT_FAILURE);
  g_application_command_line_printerr (command_line, "portferry: %s\n", error->message);
  release_when_rested (PF_APP (g_application_get_default ()));
}

static int
open_menu (PfApp *app, GApplicationCommandLine *command_line)
{
  if (app->indicator == NULL)
    g_application_activate (G_APPLICATION (app));
  if (pf_indicator_popup (app->indicator))
    return EXIT_SUCCESS;
  g_application_command_line_printerr (
      command_line, "portferry: %s\n",
      _ ("This desktop opens menus in its panel only. On Wayland, a program without a window cannot."));
  return EXIT_FAILURE;
}

/* The calling process waits, and ends with the exit status, when @command_line is let go. */
static int
pf_app_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  PfApp *app = PF_APP (application);
  PfCommand command;
  g_autoptr (GError) error = NULL;

  if (!pf_command_line_read (g_application_command_line_get_options_dict (command_line), &command, &error))
    {
      g_application_command_line_printerr (command_line, "portferry: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (pf_command_line_is_window (command.verb))
    {
      choose (app, command.verb, command.target);
      return EXIT_SUCCESS;
    }
  if (command.verb != PF_VERB_NONE)
    {
      PfRequest request = { .verb = command.verb, .target = command.target, .origin = "hotkey" };

      g_application_hold (application);
      pf_tray_ask_async (app->tray, &request, on_asked, g_object_ref (command_line));
      return EXIT_SUCCESS;
    }
  if (command.menu)
    return open_menu (app, command_line);
  g_application_activate (application);
  return EXIT_SUCCESS;
}

static int
pf_app_handle_local_options (GApplication *application, GVariantDict *options)
{
  return pf_command_line_handle_local (options);
}

static void
pf_app_shutdown (GApplication *application)
{
  PfApp *app = PF_APP (application);

  g_clear_object (&app->first_run);
  g_clear_object (&app->windows);
  g_clear_object (&app->portal_keys);
  g_clear_object (&app->indicator);
  g_clear_object (&app->hand_over);
  g_clear_object (&app->locker);
  g_clear_object (&app->question);
  g_clear_object (&app->notifier);
  g_clear_object (&app->attendant);
  g_clear_object (&app->tray);
  G_APPLICATION_CLASS (pf_app_parent_class)->shutdown (application);
}

/* While somebody looks at a window, the helper stays awake. */
static void
pf_app_window_added (GtkApplication *application, GtkWindow *window)
{
  GTK_APPLICATION_CLASS (pf_app_parent_class)->window_added (application, window);
  pf_tray_hold (PF_APP (application)->tray);
}

static void
pf_app_window_removed (GtkApplication *application, GtkWindow *window)
{
  pf_tray_release (PF_APP (application)->tray);
  GTK_APPLICATION_CLASS (pf_app_parent_class)->window_removed (application, window);
}

static void
pf_app_class_init (PfAppClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  GtkApplicationClass *gtk_application_class = GTK_APPLICATION_CLASS (klass);

  gtk_application_class->window_added = pf_app_window_added;
  gtk_application_class->window_removed = pf_app_window_removed;

  application_class->startup = pf_app_startup;
  application_class->activate = pf_app_activate;
  application_class->command_line = pf_app_command_line;
  application_class->handle_local_options = pf_app_handle_local_options;
  application_class->shutdown = pf_app_shutdown;
}

static void
pf_app_init (PfApp *app)
{
}

PfApp *
pf_app_new (void)
{
  PfApp *app = g_object_new (PF_TYPE_APP, "application-id", PF_APP_ID, "flags",
                             G_APPLICATION_HANDLES_COMMAND_LINE, NULL);

  pf_command_line_add_options (G_APPLICATION (app));
  return app;
}

/**
 * pf_app_run:
 * @app: the application
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * Returns: what the process ends with
 */
int
pf_app_run (PfApp *app, int argc, char **argv)
{
  int status = g_application_run (G_APPLICATION (app), argc, argv);

  return status != EXIT_SUCCESS ? status : app->exit_status;
}
