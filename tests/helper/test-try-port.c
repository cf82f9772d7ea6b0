/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A port on its other side for a moment: what is seen there, what stops it, and that nothing is left of it.
 * Boards: z97, and one whose sockets are wired in their own way. */
#include <string.h>

#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define ROUTER PF_BUS_CONTROLLERS_PATH "/0000_00_14_0"
#define XHCI "0000:00:14.0"
#define HOME_VALUE 0x3fff
#define SPEED_OF_THE_DISK "<uint32 5000>" /* at SuperSpeed again */
#define TIMEOUT_MS 15000

static PfTestWatch *watch;

static GVariant *
make_call (const char *port)
{
  return g_variant_new_parsed ("(%o, %s, @a{sv} {})", ROUTER, port);
}

static void
assert_untouched (void)
{
  g_assert_cmphex (pf_desk_kernel_config (XHCI, 0xd0), ==, HOME_VALUE);
  g_assert_cmphex (pf_desk_kernel_config (XHCI, 0xd8), ==, 0x3f);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", "'" PF_TEST_HOME "'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "Problem", "''");
}

static void
assert_seen (const char *port, const char *expected)
{
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *state = NULL;
  g_autofree char *text = NULL;

  pf_test_watch_clear (watch);
  answer = pf_test_manager ("root", "TryPort", "(objectpath '%s', '%s', @a{sv} {})", ROUTER, port);
  state = pf_test_get (MANAGER, PF_TEST_MANAGER, "State");
  g_assert_cmpstr (state, ==, "idle");
  text = g_variant_print (answer, FALSE);
  g_assert_cmpstr (text, ==, expected);
  assert_untouched ();
  g_assert_cmpuint (pf_test_watch_count (watch, "Switched"), ==, 0);
  g_assert_cmpuint (pf_test_watch_count (watch, "awaiting-confirmation"), ==, 0);
}

static void
assert_refused (const char *port, PfError code)
{
  g_autofree char *parameters = g_strdup_printf ("(objectpath '" ROUTER "', '%s', @a{sv} {})", port);
  g_autofree char *before = pf_desk_read_kernel ("control");
  g_autofree char *after = NULL;

  pf_test_refuse ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "TryPort", MANAGER, parameters },
                  code);
  after = pf_desk_read_kernel ("control");
  g_assert_cmpstr (before, ==, after);
}

/* A stick at USB2, and a disk whose SuperSpeed half has to be the same socket's. */
static void
test_seen (void)
{
  pf_test_control ("plug front-2 id=0781:5567 kind=storage product=Cruzer");
  assert_seen ("ehci1/6", "(['Cruzer'],)");
  pf_test_control ("unplug front-2");
  pf_test_control ("plug rear-4 id=0781:5583 kind=storage speed=5000 product=Ultra_Fit");
  assert_seen ("ehci1/4", "(['Ultra_Fit'],)");
  pf_test_control ("unplug rear-4");
}

static void
test_refused (void)
{
  assert_refused ("ehci1/6", PF_ERROR_OBJECTION); /* empty */
  assert_refused ("ehci2/1", PF_ERROR_OBJECTION); /* the keyboard */
  assert_refused ("ehci2/2", PF_ERROR_OBJECTION); /* the mouse */
  assert_refused ("ehci3/1", PF_ERROR_INVALID_ARGUMENT);
  pf_test_control ("mount sdc1 /media/stick");
  assert_refused ("ehci1/5", PF_ERROR_OBJECTION);
  pf_test_control ("unmount sdc1");
  assert_seen ("ehci1/5", "(['SanDisk Cruzer Blade'],)");
}

static void
test_lent (void)
{
  g_autofree char *transaction = NULL;

  pf_test_add_profile ("guest", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  transaction = pf_test_apply ("root", "guest", "@a{sv} {}");
  assert_refused ("ehci1/5", PF_ERROR_BUSY);
  pf_test_go_home ();
}

static void
on_tried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GVariant **answer = user_data;
  g_autoptr (GError) error = NULL;

  *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_assert_no_error (error);
}

static void
begin (const char *port, GVariant **answer)
{
  pf_test_watch_clear (watch);
  g_dbus_connection_call (pf_test_watch_get_bus (watch), PF_BUS_NAME, MANAGER, PF_TEST_MANAGER, "TryPort",
                          make_call (port), G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL,
                          on_tried, answer);
  pf_test_watch_expect (watch, "'Value': <uint32 16381>");
}

/* It is found again a moment after its port is back. */
static void
wait_for_disk (void)
{
  g_autofree char *devices = NULL;

  for (guint i = 0; i < 300 && (devices == NULL || strstr (devices, SPEED_OF_THE_DISK) == NULL); i++)
    {
      g_free (devices);
      g_usleep (10000);
      devices = pf_test_get (ROUTER, PF_TEST_CONTROLLER, "Devices");
    }
  g_assert_nonnull (strstr (devices, SPEED_OF_THE_DISK));
}

static void
assert_end (GVariant **answer)
{
  g_autofree char *text = NULL;

  while (*answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  text = g_variant_print (*answer, FALSE);
  g_assert_cmpstr (text, ==, "([],)");
  g_clear_pointer (answer, g_variant_unref);
  assert_untouched ();
  wait_for_disk ();
}

/* The disk falls back to the USB2 half of the socket that it is in, and that is another one. Meanwhile nobody
 * can keep it so, nor switch. */
static void
test_crossed (void)
{
  GVariant *answer = NULL;
  g_autofree char *transaction = NULL;
  g_autofree char *parameters = NULL;

  pf_test_add_profile ("guest", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  begin ("ehci1/2", &answer);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'applying'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "Deadline", "0");
  transaction = pf_test_get (MANAGER, PF_TEST_MANAGER, "Transaction");
  parameters = g_strdup_printf ("('%s',)", transaction);
  pf_test_refuse ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Confirm", MANAGER, parameters },
                  PF_ERROR_NO_SUCH_TRANSACTION);
  pf_test_refuse ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Revert", MANAGER, parameters },
                  PF_ERROR_NO_SUCH_TRANSACTION);
  pf_test_refuse_apply ("root", "guest", "@a{sv} {}", PF_ERROR_BUSY);
  pf_test_refuse ("root", PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Manager", "TryPort", MANAGER,
                                 "(objectpath '" ROUTER "', 'ehci1/2', @a{sv} {})" },
                  PF_ERROR_BUSY);
  assert_end (&answer);
}

/* The way home waits for nothing. */
static void
test_home_meanwhile (void)
{
  GVariant *answer = NULL;

  begin ("ehci1/2", &answer);
  pf_test_go_home ();
  g_assert_cmphex (pf_desk_kernel_config (XHCI, 0xd0), ==, HOME_VALUE);
  assert_end (&answer);
}

/* The helper is killed before it has an answer. Without a callback the call would want none, and be dropped. */
static void
on_cut_off (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  g_assert_null (answer);
}

/* To the next helper it is a switch that nobody has confirmed. */
static void
test_killed_meanwhile (void)
{
  pf_test_watch_clear (watch);
  g_dbus_connection_call (pf_test_watch_get_bus (watch), PF_BUS_NAME, MANAGER, PF_TEST_MANAGER, "TryPort",
                          make_call ("ehci1/2"), NULL, G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL, on_cut_off,
                          NULL);
  pf_test_watch_expect (watch, "'Value': <uint32 16381>");
  pf_test_watch_kill_helper (watch);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  assert_untouched ();
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  watch = pf_test_watch_new ();
  if (g_strcmp0 (argv[1], "z97") == 0)
    {
      g_test_add_func ("/try-port/seen", test_seen);
      g_test_add_func ("/try-port/refused", test_refused);
      g_test_add_func ("/try-port/lent", test_lent);
    }
  else
    {
      g_test_add_func ("/try-port/crossed", test_crossed);
      g_test_add_func ("/try-port/home-meanwhile", test_home_meanwhile);
      g_test_add_func ("/try-port/killed-meanwhile", test_killed_meanwhile);
    }
  return g_test_run ();
}
