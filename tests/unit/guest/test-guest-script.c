/* SPDX-License-Identifier: GPL-3.0-or-later */
/* portferry.sh, run for real by each kind of shell over a pair of pseudo-terminals: the serial port, and the
 * host at its other end, which reads with the host's own parser. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "pf-guest-line.h"

#define DEADLINE_USEC (30 * G_USEC_PER_SEC)

/* How the script is run: "dash", "bash --posix", "busybox sh". */
static const char *const shells[][3]
    = { { "dash", NULL }, { "bash", "--posix", NULL }, { "busybox", "sh", NULL } };

typedef struct
{
  const char *name;
  const char *command;  /* behind the port */
  const char *before;   /* (nullable): what is left in the line from earlier */
  const char *request;  /* what the host has to be asked, with its end */
  const char *reply;    /* (nullable): what it answers */
  const char *expected; /* a part of what the person is told */
  int status;
} Case;

static const Case cases[] = {
  { "home", "home", NULL, "home\n", "ok profile=home state=idle\r\n", "Everything is home.\n", 0 },
  { "toggle", "toggle", NULL, "toggle\n", "ok profile=games state=idle\r\n", "In force: games.\n", 0 },
  { "switch", "switch games-2_b", NULL, "switch games-2_b\n", "ok profile=games-2_b state=idle\r\n",
    "In force: games-2_b.\n", 0 },
  { "confirm", "confirm", NULL, "confirm\n", "ok\r\n", "Done.\n", 0 },
  { "waits", "switch games", NULL, "switch games\n",
    "ok profile=games state=awaiting-confirmation seconds=15\r\n",
    "In force: games. It goes back in 15 seconds unless you confirm it.\n", 0 },
  { "left", "home", NULL, "home\n", "ok profile=games state=idle left=2\r\n",
    "In force: games. 2 come home when this machine lets go of them.\n", 0 },
  { "refused", "toggle", NULL, "toggle\n", "error objection Something on the host speaks against it.\r\n",
    "Not done: Something on the host speaks against it.\n", 1 },
  { "stale", "status", "ok profile=old state=idle\r\nok profi", "status\n", "ok profile=home state=idle\r\n",
    "Everything is home.\n", 0 },
  { "noise", "status", NULL, "status\n", "\r\nlogin: \r\nxok profile=x\r\nok profile=home state=idle\r\n",
    "Everything is home.\n", 0 },
  { "lf-only", "status", NULL, "status\n", "ok profile=home state=idle\n", "Everything is home.\n", 0 },
  { "silent", "status", NULL, "status\n", NULL, "The host does not answer", 1 },
};

typedef struct
{
  const char *const *shell;
  const Case *item;
} Run;

typedef struct
{
  int host;
  int guest; /* kept open, so that what is written before the script runs stays there */
  char path[64];
} Line;

static void
line_open (Line *line)
{
  g_assert_cmpint (openpty (&line->host, &line->guest, line->path, NULL, NULL), ==, 0);
  fcntl (line->host, F_SETFL, O_NONBLOCK);
}

static void
line_close (Line *line)
{
  close (line->host);
  close (line->guest);
}

static GSubprocess *
start_script (const char *const *shell, const char *port, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  g_autoptr (GError) error = NULL;
  GSubprocess *script;

  for (guint i = 0; shell[i] != NULL; i++)
    g_ptr_array_add (arguments, (char *) shell[i]);
  g_ptr_array_add (arguments, (char *) g_getenv ("PF_TEST_GUEST_SCRIPT"));
  g_ptr_array_add (arguments, (char *) "--port");
  g_ptr_array_add (arguments, (char *) port);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (arguments, words[i]);
  g_ptr_array_add (arguments, NULL);
  g_subprocess_launcher_setenv (launcher, "PORTFERRY_PATIENCE", "2", TRUE);
  script = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, &error);
  g_assert_no_error (error);
  return script;
}

/* Reads until the host has heard a request. */
static char *
hear_request (int host)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  gint64 deadline = g_get_monotonic_time () + DEADLINE_USEC;
  struct pollfd poll_fd = { .fd = host, .events = POLLIN };
  PfGuestLineResult result = PF_GUEST_LINE_NOTHING;
  PfGuestLine line = { 0 };

  while (result == PF_GUEST_LINE_NOTHING)
    {
      char bytes[256];
      PfGuestRequest request;
      const char *rest = bytes;
      gssize count;
      gsize length;

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      poll (&poll_fd, 1, 1000);
      count = read (host, bytes, sizeof bytes);
      if (count <= 0)
        continue;
      g_string_append_len (heard, bytes, count);
      length = (gsize) count;
      result = pf_guest_line_take (&line, &rest, &length, &request);
      g_assert_cmpuint (length, ==, 0);
    }
  g_assert_cmpint (result, ==, PF_GUEST_LINE_REQUEST);
  return g_string_free (g_steal_pointer (&heard), FALSE);
}

/* What the host said did not come back to it. */
static void
assert_no_echo (int host)
{
  char byte;

  g_assert_cmpint (read (host, &byte, 1), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
}

static void
test_case (gconstpointer data)
{
  const Run *run = data;
  const Case *item = run->item;
  g_autoptr (GSubprocess) script = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *request = NULL;
  g_autofree char *expected = g_strconcat ("\n", item->request, NULL);
  g_autofree char *told = NULL;
  Line line;

  line_open (&line);
  if (item->before != NULL)
    {
      struct termios settings;

      /* As the script has left it the last time. */
      tcgetattr (line.guest, &settings);
      cfmakeraw (&settings);
      tcsetattr (line.guest, TCSANOW, &settings);
      g_assert_cmpint (write (line.host, item->before, strlen (item->before)), ==, strlen (item->before));
    }
  script = start_script (run->shell, line.path, item->command);
  request = hear_request (line.host);
  g_assert_cmpstr (request, ==, expected);
  if (item->reply != NULL)
    g_assert_cmpint (write (line.host, item->reply, strlen (item->reply)), ==, strlen (item->reply));
  g_assert_true (g_subprocess_communicate_utf8 (script, NULL, NULL, &told, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (told, item->expected));
  g_assert_cmpint (g_subprocess_get_exit_status (script), ==, item->status);
  assert_no_echo (line.host);
  line_close (&line);
}

/* What is said wrong is not sent anywhere. */
static void
test_wrong (gconstpointer data)
{
  static const struct
  {
    const char *port;
    const char *command;
    const char *expected;
    int status;
  } wrong[] = {
    { NULL, "", "Usage:", 2 },
    { NULL, "reboot", "Usage:", 2 },
    { NULL, "home now", "Usage:", 2 },
    { NULL, "switch", "Usage:", 2 },
    { NULL, "switch Games", "not the ID", 1 },
    { NULL, "switch x;reboot", "not the ID", 1 },
    { "/dev/null", "home", "not a serial port", 1 },
    { "/dev/portferry-none", "home", "no serial port /dev/portferry-none", 1 },
    { "/etc/passwd", "home", "no serial port /etc/passwd", 1 },
  };
  Line line;

  line_open (&line);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GSubprocess) script
          = start_script (data, wrong[i].port != NULL ? wrong[i].port : line.path, wrong[i].command);
      g_autofree char *told = NULL;

      g_assert_true (g_subprocess_communicate_utf8 (script, NULL, NULL, &told, NULL, NULL));
      g_assert_nonnull (strstr (told, wrong[i].expected));
      g_assert_cmpint (g_subprocess_get_exit_status (script), ==, wrong[i].status);
    }
  assert_no_echo (line.host);
  line_close (&line);
}

static void
add_tests (guint shell)
{
  g_autofree char *wrong = g_strdup_printf ("/guest/script/%s/wrong", shells[shell][0]);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/guest/script/%s/%s", shells[shell][0], cases[i].name);
      Run *run = g_new (Run, 1);

      *run = (Run){ shells[shell], &cases[i] };
      g_test_add_data_func_full (path, run, test_case, g_free);
    }
  g_test_add_data_func (wrong, shells[shell], test_wrong);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shells); i++)
    add_tests (i);
  return g_test_run ();
}
