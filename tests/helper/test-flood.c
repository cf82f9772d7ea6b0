/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who may do nothing sends the helper more than it can answer, and the person at the seat goes home
 * all the same. Board: z97.
 *
 * With "--flood KIND [MESSAGES]" the program is that somebody, here and in the virtual machine of the suite
 * vm. */
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gunixfdlist.h>

#include "pf-test-watch.h"

#define N_CALLS 400
#define N_CONNECTIONS 85
#define N_CALLS_OF_EACH 10
#define N_LARGE 8
#define LARGE (24 * 1024 * 1024) /* bytes; the bus takes 32 MiB */
#define PROFILE PF_BUS_PROFILES_PATH "/keyboard"

/* 20,000 messages that are kept take about 95 MB. */
#define MOST_GROWTH_KIB (32 * 1024)

typedef struct
{
  guint left;
  guint answered;
  guint too_many;
  gboolean home_was_first;
} Calls;

/* ---- the user who floods ---- */

/* Where nothing bounds them, 20,000 are 95 MB. A machine that is emulated gets fewer. */
static guint n_messages = 20000;

static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  GDBusConnection *connection;

  g_assert_no_error (error);
  connection = g_dbus_connection_new_for_address_sync (address,
                                                       G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                           | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                       NULL, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static GDBusMessage *
create_call (const char *method, GDBusMessageFlags flags)
{
  GDBusMessage *message
      = g_dbus_message_new_method_call (PF_BUS_NAME, PF_BUS_MANAGER_PATH, PF_BUS_NAME ".Manager", method);

  g_dbus_message_set_flags (message, flags);
  return message;
}

static GDBusMessage *
create_preview (GDBusMessageFlags flags)
{
  GDBusMessage *message = create_call ("Preview", flags);

  g_dbus_message_set_body (message, g_variant_new ("(o)", PROFILE));
  return message;
}

/* Returns whether the answer is no error. Consumes @message. */
static gboolean
send_and_wait (GDBusConnection *bus, GDBusMessage *message, GError **error)
{
  g_autoptr (GDBusMessage) answer = g_dbus_connection_send_message_with_reply_sync (
      bus, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, PF_TEST_TIMEOUT_MS, NULL, NULL, error);

  g_object_unref (message);
  return answer != NULL && !g_dbus_message_to_gerror (answer, error);
}

/* The helper does not count the calls that it drops: it answers the one that follows them. */
static int
flood_without_reply (void)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();

  for (guint i = 0; i < n_messages; i++)
    {
      g_autoptr (GDBusMessage) message = create_preview (G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);

      g_dbus_connection_send_message (bus, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
    }
  return send_and_wait (bus, create_preview (G_DBUS_MESSAGE_FLAGS_NONE), NULL) ? 0 : 1;
}

/* Returns whether an answer came; @error is set where that is an error, or where none came. */
static gboolean
take_answer (GObject *source, GAsyncResult *result, GError **error)
{
  g_autoptr (GDBusMessage) answer
      = g_dbus_connection_send_message_with_reply_finish (G_DBUS_CONNECTION (source), result, error);

  if (answer == NULL)
    return FALSE;
  g_dbus_message_to_gerror (answer, error);
  return TRUE;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Calls *calls = user_data;
  g_autoptr (GError) error = NULL;

  calls->answered += take_answer (source, result, &error);
  calls->too_many += g_error_matches (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED);
  calls->left--;
}

static void
send_calls (GDBusConnection *bus, guint count, Calls *calls)
{
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GDBusMessage) message = create_preview (G_DBUS_MESSAGE_FLAGS_NONE);

      calls->left++;

      g_dbus_connection_send_message_with_reply (bus, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE,
                                                 PF_TEST_TIMEOUT_MS, NULL, NULL, on_answered, calls);
    }
}

static void
finish_calls (Calls *calls)
{
  while (calls->left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_print ("# answered %u, too many %u\n", calls->answered, calls->too_many);
}

/* All at once; each has to be answered, though not each with what it asks for. Then there is room again. */
static int
flood_with_calls (void)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  Calls calls = { 0 };

  send_calls (bus, N_CALLS, &calls);
  finish_calls (&calls);
  if (calls.answered != N_CALLS || calls.too_many == 0 || calls.too_many == N_CALLS)
    return 1;
  return send_and_wait (bus, create_preview (G_DBUS_MESSAGE_FLAGS_NONE), NULL) ? 0 : 1;
}

static void
on_home (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Calls *calls = user_data;
  g_autoptr (GError) error = NULL;

  calls->home_was_first = take_answer (source, result, &error) && error == NULL && calls->left > 0;
  if (error != NULL)
    g_print ("# %s\n", error->message);
}

/* The same, from somebody who may go home, and asks for it last. From connections of their own: the bus
 * itself lets one have at most 128 calls that wait (dbus-daemon(1), max_replies_per_connection), and two have
 * all that a user may have. */
static int
go_home_last (void)
{
  g_autoptr (GDBusConnection) first = connect_to_bus ();
  g_autoptr (GDBusConnection) second = connect_to_bus ();
  g_autoptr (GDBusConnection) last = connect_to_bus ();
  g_autoptr (GDBusMessage) message = create_call ("ReturnAll", G_DBUS_MESSAGE_FLAGS_NONE);
  Calls calls = { 0 };

  send_calls (first, N_CALLS, &calls);
  send_calls (second, N_CALLS, &calls);
  g_dbus_message_set_body (message, g_variant_new_parsed ("(@a{sv} {},)"));
  g_dbus_connection_send_message_with_reply (last, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE,
                                             PF_TEST_TIMEOUT_MS, NULL, NULL, on_home, &calls);
  finish_calls (&calls);
  return calls.home_was_first ? 0 : 1;
}

/* A message with a descriptor does not get as far as the helper. */
static int
send_descriptor (void)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  GDBusMessage *message = create_preview (G_DBUS_MESSAGE_FLAGS_NONE);
  g_autoptr (GUnixFDList) list = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unix_fd_list_append (list, STDIN_FILENO, &error), ==, 0);
  g_dbus_message_set_unix_fd_list (message, list);
  g_assert_false (send_and_wait (bus, message, &error));
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED) ? 0 : 1;
}

/* The bus takes it; the helper does not take it apart, and says so. */
static int
send_large (void)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  g_autofree char *bytes = g_malloc0 (LARGE);

  for (guint i = 0; i < N_LARGE; i++)
    {
      GDBusMessage *message = create_call ("Preview", G_DBUS_MESSAGE_FLAGS_NONE);
      g_autoptr (GError) error = NULL;

      g_dbus_message_set_body (message, g_variant_new ("(@ay)", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, LARGE, 1)));
      g_assert_false (send_and_wait (bus, message, &error));
      if (!g_error_matches (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED))
        return 1;
    }
  return 0;
}

/* A fourth of 340 connections, and on each of them calls that wait. Most are turned away; how many of the others are
 * answered within the time that a call has is not our business here. */
static int
flood_from_many (void)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  Calls calls = { 0 };

  for (guint i = 0; i < N_CONNECTIONS; i++)
    g_ptr_array_add (connections, connect_to_bus ());
  for (guint i = 0; i < N_CONNECTIONS; i++)
    send_calls (connections->pdata[i], N_CALLS_OF_EACH, &calls);
  finish_calls (&calls);
  return calls.too_many > N_CONNECTIONS ? 0 : 1;
}

static int
flood (const char *kind)
{
  if (g_str_equal (kind, "without-reply"))
    return flood_without_reply ();
  if (g_str_equal (kind, "with-calls"))
    return flood_with_calls ();
  if (g_str_equal (kind, "large"))
    return send_large ();
  if (g_str_equal (kind, "from-many"))
    return flood_from_many ();
  if (g_str_equal (kind, "home-last"))
    return go_home_last ();
  if (g_str_equal (kind, "descriptor"))
    return send_descriptor ();
  g_error ("no kind %s", kind);
}

/* ---- the tests ---- */

static GSubprocess *
start_flood (const char *user, const char *kind)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "as-user", user, self, "--flood",
                                           kind, NULL);

  g_assert_no_error (error);
  return process;
}

static void
finish_flood (GSubprocess *process)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
  g_object_unref (process);
}

/* In KiB. */
static guint64
read_memory (guint32 pid, const char *key)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/status", pid);
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  line = strstr (text, key);
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen (key) + 1, NULL, 10);
}

/* The keyboard's controller is away. */
static void
lend (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "keyboard", "{'confirm-seconds': <uint32 120>}");
}

static void
go_home (const char *when)
{
  gint64 begun = g_get_monotonic_time ();

  pf_test_go_home ();
  g_test_message ("home %s after %" G_GINT64_FORMAT " ms", when, (g_get_monotonic_time () - begun) / 1000);
}

/* The person at the seat wants it back while the other one floods. Something is lent at the end, so that it is the same
 * helper all the time: one that is idle leaves. */
static void
go_home_during (const char *kind)
{
  GSubprocess *process;
  guint32 helper;
  guint64 before;

  lend ();
  helper = pf_test_get_process (PF_BUS_NAME);
  before = read_memory (helper, "VmHWM:");
  process = start_flood ("inactive", kind);
  g_usleep (G_USEC_PER_SEC / 2);
  go_home ("during the flood");
  lend ();
  finish_flood (process);
  g_assert_cmpuint (pf_test_get_process (PF_BUS_NAME), ==, helper);
  g_test_message ("memory %" G_GUINT64_FORMAT " KiB, at most %" G_GUINT64_FORMAT " KiB", before,
                  read_memory (helper, "VmHWM:"));
  g_assert_cmpuint (read_memory (helper, "VmHWM:"), <, before + MOST_GROWTH_KIB);
  go_home ("without it");
}

static void
test_without_reply (void)
{
  go_home_during ("without-reply");
}

static void
test_with_calls (void)
{
  go_home_during ("with-calls");
}

static void
test_large (void)
{
  go_home_during ("large");
}

/* Four users, and 340 connections in all. */
static void
test_from_many (void)
{
  static const char *const users[] = { "inactive", "remote", "admin", "guest" };
  GSubprocess *processes[G_N_ELEMENTS (users)];

  lend ();
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    processes[i] = start_flood (users[i], "from-many");
  g_usleep (G_USEC_PER_SEC);
  go_home ("while four users flood");
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    finish_flood (processes[i]);
  go_home ("without them");
}

static void
test_home_last (void)
{
  finish_flood (start_flood ("active", "home-last"));
}

static void
test_descriptor (void)
{
  finish_flood (start_flood ("inactive", "descriptor"));
}

/* ---- few descriptors left ---- */

/* Fewer than the helper keeps for a way home, and enough for one. */
#define FEW_DESCRIPTORS 32

static rlim_t
count_descriptors (guint32 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  rlim_t count = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* As the helper's user, who may do that without CAP_SYS_RESOURCE; in a process of its own, which stays that
 * user. */
static void
set_limit_as_owner (guint32 pid, rlim_t limit)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u", pid);
  struct rlimit now;
  struct stat owner;

  if (stat (path, &owner) < 0 || setgid (owner.st_gid) < 0 || setuid (owner.st_uid) < 0)
    _exit (1);
  if (prlimit ((pid_t) pid, RLIMIT_NOFILE, NULL, &now) < 0)
    _exit (2);
  now.rlim_cur = limit != RLIM_INFINITY ? limit : now.rlim_max;
  _exit (prlimit ((pid_t) pid, RLIMIT_NOFILE, &now, NULL) == 0 ? 0 : 3);
}

/* @limit: RLIM_INFINITY for as many as it may have */
static void
set_limit (guint32 pid, rlim_t limit)
{
  pid_t child = fork ();
  int status = -1;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    set_limit_as_owner (pid, limit);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

/* Keeps the helper from leaving. Returns the descriptor that does. */
static int
register_interest (GDBusConnection *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_sync (
      bus, PF_BUS_NAME, PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "RegisterInterest", NULL, G_VARIANT_TYPE ("(h)"),
      G_DBUS_CALL_FLAGS_NONE, PF_TEST_TIMEOUT_MS, NULL, &list, NULL, &error);
  int descriptor;

  g_assert_no_error (error);
  descriptor = g_unix_fd_list_get (list, 0, &error);
  g_assert_no_error (error);
  return descriptor;
}

/* A helper that has few left begins nothing, and gives none away; what is lent comes home. */
static void
test_few_descriptors (void)
{
  static const PfTestCall interest = { "Manager", "RegisterInterest", PF_BUS_MANAGER_PATH, "()" };
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  int descriptor = register_interest (bus);
  guint32 helper = pf_test_get_process (PF_BUS_NAME);

  lend ();
  set_limit (helper, count_descriptors (helper) + FEW_DESCRIPTORS);
  go_home ("with few descriptors");
  pf_test_refuse ("active", 0, &interest, PF_ERROR_LIMIT_EXCEEDED);
  pf_test_refuse_apply ("active", "keyboard", "{'confirm-seconds': <uint32 120>}", PF_ERROR_LIMIT_EXCEEDED);
  set_limit (helper, RLIM_INFINITY);
  lend ();
  go_home ("with all");
  close (descriptor);
}

int
main (int argc, char **argv)
{
  if (argc >= 3 && g_str_equal (argv[1], "--flood"))
    {
      n_messages = argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : n_messages;
      pf_bus_register_errors ();
      return flood (argv[2]);
    }
  pf_test_init (&argc, &argv);
  pf_test_add_profile ("keyboard", "{'controllers': <['0000:00:1a.0']>}");
  g_test_add_func ("/flood/without-reply", test_without_reply);
  g_test_add_func ("/flood/with-calls", test_with_calls);
  g_test_add_func ("/flood/large", test_large);
  g_test_add_func ("/flood/from-many", test_from_many);
  g_test_add_func ("/flood/home-last", test_home_last);
  g_test_add_func ("/flood/descriptor", test_descriptor);
  g_test_add_func ("/flood/few-descriptors", test_few_descriptors);
  return g_test_run ();
}
