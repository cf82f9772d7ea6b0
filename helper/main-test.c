/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pf-daemon.h"
#include "pf-error.h"
#include "pf-file.h"

/* The helper over a made-up kernel, for tests and for trying Portferry out. It is not installed, and it does
 * not work as root: a program that takes the place of its files from its caller must have no privilege to
 * lend him. */

static char *kernel;
static char *state;
static char *chipsets;
static int write_deadline;
static int idle_seconds = PF_DAEMON_IDLE_SECONDS;

static const GOptionEntry entries[] = {
  { "kernel", 0, 0, G_OPTION_ARG_FILENAME, &kernel, "Where sys, dev, proc, udev and etc are", "DIR" },
  { "state", 0, 0, G_OPTION_ARG_FILENAME, &state, "Where etc, run and usr are", "DIR" },
  { "chipsets", 0, 0, G_OPTION_ARG_FILENAME, &chipsets, "chipsets.conf, where it is not below DIR/usr",
    "FILE" },
  { "idle-seconds", 0, 0, G_OPTION_ARG_INT, &idle_seconds, "How long to stay when idle", "N" },
  { "write-deadline", 0, 0, G_OPTION_ARG_INT, &write_deadline, "How long a write to the kernel may take",
    "MS" },
  { NULL },
};

/* The fake kernel does what its file "control" is told. */
static gboolean
load_module (const char *module, gpointer user_data, GError **error)
{
  g_autofree char *path = g_build_filename (kernel, "control", NULL);
  g_autofree char *line = g_strdup_printf ("modprobe %s\n", module);
  g_auto (PfFd) fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd >= 0 && write (fd, line, strlen (line)) == (gssize) strlen (line))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE, "The module “%s” is not available: %s", module,
               g_strerror (errno));
  return FALSE;
}

static gboolean
parse_arguments (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (kernel != NULL && state != NULL && idle_seconds > 0 && *argc == 1)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       "--kernel and --state are needed, and there are no arguments");
  return FALSE;
}

static gboolean
run (GError **error)
{
  g_autofree char *sys = g_build_filename (kernel, "sys", NULL);
  g_autofree char *dev = g_build_filename (kernel, "dev", NULL);
  g_autofree char *proc = g_build_filename (kernel, "proc", NULL);
  g_autofree char *udev = g_build_filename (kernel, "udev", NULL);
  g_autofree char *etc = g_build_filename (kernel, "etc", NULL);
  g_autofree char *config = g_build_filename (state, "etc", "portferry", NULL);
  g_autofree char *runtime = g_build_filename (state, "run", "portferry", NULL);
  g_autofree char *confirmed = g_build_filename (state, "var", "lib", "portferry", NULL);
  g_autofree char *table = g_build_filename (state, "usr", "share", "portferry", "chipsets.conf", NULL);
  const PfRoots roots = {
    .sys = sys,
    .dev = dev,
    .proc = proc,
    .udev = udev,
    .etc = etc,
    .config = config,
    .runtime = runtime,
    .state = confirmed,
    .chipsets = chipsets != NULL ? chipsets : table,
    .write_deadline = (guint) write_deadline,
    .load_module = load_module,
  };

  return pf_daemon_run (&roots, (guint) idle_seconds, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  umask (022);
  if (geteuid () == 0 || getuid () == 0)
    {
      g_printerr ("%s must not be run as root.\n", argv[0]);
      return 2;
    }
  if (!parse_arguments (&argc, &argv, &error))
    {
      g_printerr ("%s: %s\n", argv[0], error->message);
      return 2;
    }
  if (run (&error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
