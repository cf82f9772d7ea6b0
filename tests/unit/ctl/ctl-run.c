/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl-run.h"

#include <signal.h>
#include <sys/prctl.h>

#define PATIENCE_SECONDS 20

/* GTestDBus leaves its bus behind when a test fails, and that keeps the pipe to the test runner open. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* Returns: (transfer full): the address of a bus of our own. */
static char *
start_bus (Fixture *fixture)
{
  g_autofree char *config = g_test_build_filename (G_TEST_DIST, "unit", "ctl", "bus.conf", NULL);
  g_autofree char *option = g_strconcat ("--config-file=", config, NULL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (GError) error = NULL;
  char *address;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  fixture->bus = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork", "--print-address",
                                              option, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->bus));
  address = g_data_input_stream_read_line (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);
  return address;
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = start_bus (fixture);

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  fixture->mock = mock_helper_new (address);
  mock_helper_appear (fixture->mock);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_helper_free (fixture->mock);
  g_subprocess_send_signal (fixture->bus, SIGTERM);
  g_subprocess_wait (fixture->bus, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (fixture->bus);
}

static gboolean G_GNUC_NORETURN
on_patience_ended (gpointer data)
{
  g_error ("Nothing happened in %d seconds", PATIENCE_SECONDS);
}

/* Runs the main loop until @is_met; the test fails when that takes too long. */
void
fixture_wait_for (gboolean (*is_met) (gpointer), gpointer data)
{
  guint timeout = g_timeout_add_seconds (PATIENCE_SECONDS, on_patience_ended, NULL);

  while (!is_met (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

static void
on_communicated (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static CtlRun *
run_command (const char *program, const char *locale, const char *line)
{
  g_autofree char *command = g_strconcat (program, " ", line, NULL);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  CtlRun *run = g_new0 (CtlRun, 1);

  g_test_message ("%s", command);
  g_assert_true (g_shell_parse_argv (command, NULL, &arguments, &error));
  g_subprocess_launcher_setenv (launcher, "LC_ALL", locale, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LANGUAGE");
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_communicated, &result);
  fixture_wait_for (is_set, &result);
  g_subprocess_communicate_utf8_finish (process, result, &run->out, &run->err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  run->code = g_subprocess_get_exit_status (process);
  return run;
}

CtlRun *
ctl_run_in_locale (const char *locale, const char *line)
{
  return run_command (g_getenv ("PF_TEST_CTL"), locale, line);
}

CtlRun *
ctl_run (const char *line)
{
  return ctl_run_in_locale ("C.UTF-8", line);
}

CtlRun *
ctl_run_program (const char *program, const char *line)
{
  return run_command (program, "C.UTF-8", line);
}

void
ctl_run_free (CtlRun *run)
{
  g_free (run->out);
  g_free (run->err);
  g_free (run);
}

/* Returns: (transfer full): standard output, which has to be one JSON value. */
JsonNode *
ctl_run_parse (const CtlRun *run)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (run->out, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}
