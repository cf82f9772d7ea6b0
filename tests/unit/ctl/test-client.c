/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <unistd.h>

#include "ctl-run.h"
#include "pf-client.h"

/* The client over a real bus, with a mock of the helper. */

static gboolean
is_ready (gpointer client)
{
  return pf_client_get_state (client) == PF_CLIENT_READY;
}

static gboolean
is_absent (gpointer client)
{
  return pf_client_get_state (client) == PF_CLIENT_ABSENT;
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
on_idle (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* Lets everything that is under way on the bus arrive. */
static void
settle (void)
{
  gboolean done = FALSE;

  g_timeout_add (200, on_idle, &done);
  fixture_wait_for (is_true, &done);
}

static void
on_counted (PfClient *client, gpointer data)
{
  (*(guint *) data)++;
}

/* --- Coming and going --- */

static void
test_states (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autofree char *active = NULL;

  mock_helper_vanish (fixture->mock);
  client = pf_client_new ();
  g_assert_cmpint (pf_client_get_state (client), ==, PF_CLIENT_LOADING);
  fixture_wait_for (is_absent, client);
  none = pf_client_list_controllers (client);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (pf_client_get_manager (client));
  active = pf_client_get_active_profile_id (client);
  g_assert_cmpstr (active, ==, "home");

  mock_helper_appear (fixture->mock);
  fixture_wait_for (is_ready, client);
  g_assert_cmpstr (pf_dbus_manager_get_version (pf_client_get_manager (client)), ==, "0.1.0");
  mock_helper_vanish (fixture->mock);
  fixture_wait_for (is_absent, client);
  g_assert_null (pf_client_get_manager (client));
  mock_helper_appear (fixture->mock);
  fixture_wait_for (is_ready, client);
}

static void
test_lists (Fixture *fixture, gconstpointer data)
{
  static const char *const addresses[] = { "0000:00:14.0", "0000:00:1a.0", "0000:21:00.3", "10000:e1:00.0" };
  static const char *const ids[] = { "home", "all-usb", "games" };
  g_autoptr (PfClient) client = pf_client_new ();
  g_autoptr (GPtrArray) controllers = NULL;
  g_autoptr (GPtrArray) profiles = NULL;
  g_autofree char *toggle = NULL;

  fixture_wait_for (is_ready, client);
  controllers = pf_client_list_controllers (client);
  g_assert_cmpuint (controllers->len, ==, G_N_ELEMENTS (addresses));
  for (guint i = 0; i < controllers->len; i++)
    {
      g_assert_cmpstr (pf_dbus_controller_get_address (controllers->pdata[i]), ==, addresses[i]);
      g_assert_true (pf_client_find_controller (client, addresses[i]) == controllers->pdata[i]);
      g_assert_cmpint (pf_client_get_router (client, controllers->pdata[i]) != NULL, ==, i == 0);
    }
  profiles = pf_client_list_profiles (client);
  g_assert_cmpuint (profiles->len, ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < profiles->len; i++)
    g_assert_cmpstr (pf_dbus_profile_get_id (profiles->pdata[i]), ==, ids[i]);
  g_assert_true (pf_client_find_profile (client, "all-usb") == profiles->pdata[1]);
  g_assert_null (pf_client_find_profile (client, "missing"));
  g_assert_null (pf_client_find_profile (client, "no/id"));
  g_assert_null (pf_client_get_previous_profile_id (client));
  toggle = pf_client_get_toggle_profile_id (client);
  g_assert_cmpstr (toggle, ==, "home");
}

static void
test_changes_are_coalesced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  guint changes = 0;

  fixture_wait_for (is_ready, client);
  settle ();
  g_signal_connect (client, "changed", G_CALLBACK (on_counted), &changes);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *address = g_strdup_printf ("0000:%02x:00.0", 0x40 + i);

      mock_helper_add_plain_controller (fixture->mock, address);
    }
  g_object_set (fixture->mock->manager, "state", "applying", "problem", "x", NULL);
  settle ();
  g_assert_cmpuint (changes, >, 0);
  g_assert_cmpuint (changes, <, 10);
  g_assert_cmpstr (pf_dbus_manager_get_state (pf_client_get_manager (client)), ==, "applying");
}

/* --- Waking --- */

static void
test_wake_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mock_helper_vanish (fixture->mock);
  client = pf_client_new ();
  pf_client_wake_async (client, NULL, on_done, &result);
  fixture_wait_for (is_set, &result);
  g_assert_false (pf_client_wake_finish (client, result, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_true (
      g_str_has_prefix (error->message, "The Portferry helper is not installed or cannot be started: "));
  g_assert_cmpint (pf_client_get_state (client), ==, PF_CLIENT_FAILED);
  g_assert_cmpstr (pf_client_get_error (client)->message, ==, error->message);
  mock_helper_appear (fixture->mock);
  fixture_wait_for (is_ready, client);
  g_assert_null (pf_client_get_error (client));
}

static void
test_wake (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  pf_client_wake_async (client, NULL, on_done, &first);
  fixture_wait_for (is_set, &first);
  g_assert_true (pf_client_wake_finish (client, first, &error));
  g_assert_no_error (error);
  pf_client_wake_async (client, NULL, on_done, &second);
  fixture_wait_for (is_set, &second);
  g_assert_true (pf_client_wake_finish (client, second, &error));
  g_assert_no_error (error);
}

/* --- Signals --- */

typedef struct
{
  PfClient *client;
  char *profile;
  char *origin;
  char *message;
  gsize moves;
  PfClientState state;
} Heard;

static void
on_switched (PfClient *client, const char *profile, const char *origin, GVariant *moves, gpointer data)
{
  Heard *heard = data;

  heard->profile = g_strdup (profile);
  heard->origin = g_strdup (origin);
  heard->moves = g_variant_n_children (moves);
  heard->state = pf_client_get_state (client);
}

static void
on_switch_failed (
    PfClient *client, const char *profile, const char *origin, const GError *error, gpointer data)
{
  Heard *heard = data;

  g_assert_true (g_error_matches (error, PF_ERROR, PF_ERROR_HELD));
  heard->profile = g_strdup (profile);
  heard->message = g_strdup (error->message);
}

static void
heard_clear (Heard *heard)
{
  g_free (heard->profile);
  g_free (heard->origin);
  g_free (heard->message);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Heard, heard_clear)

static void
test_switched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_auto (Heard) heard = { 0 };

  fixture_wait_for (is_ready, client);
  g_signal_connect (client, "switched", G_CALLBACK (on_switched), &heard);
  mock_helper_emit_switched (fixture->mock, PF_BUS_PROFILES_PATH "/all_2dusb");
  fixture_wait_for (is_set, &heard.profile);
  g_assert_cmpstr (heard.profile, ==, "all-usb");
  g_assert_cmpstr (heard.origin, ==, "ctl");
  g_assert_cmpuint (heard.moves, ==, 2);
}

static void
test_switch_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_auto (Heard) heard = { 0 };

  fixture_wait_for (is_ready, client);
  g_signal_connect (client, "switch-failed", G_CALLBACK (on_switch_failed), &heard);
  pf_dbus_manager_emit_switch_failed (fixture->mock->manager, PF_BUS_PROFILES_PATH "/games", "hotkey",
                                      PF_BUS_ERROR_PREFIX "Held", "qemu has it.");
  fixture_wait_for (is_set, &heard.profile);
  g_assert_cmpstr (heard.message, ==, "qemu has it.");
}

/* The switch that starts the helper is over before its objects have been read: its signal must not be lost.
 */
static void
test_switched_while_loading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = NULL;
  g_auto (Heard) heard = { 0 };

  mock_helper_vanish (fixture->mock);
  client = pf_client_new ();
  fixture_wait_for (is_absent, client);
  g_signal_connect (client, "switched", G_CALLBACK (on_switched), &heard);
  mock_helper_appear (fixture->mock);
  mock_helper_emit_switched (fixture->mock, PF_BUS_PROFILES_PATH "/games");
  fixture_wait_for (is_set, &heard.profile);
  g_assert_cmpint (heard.state, ==, PF_CLIENT_READY);
  g_assert_cmpstr (heard.profile, ==, "games");
}

/* --- Verbs --- */

static void
test_apply (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *transaction = NULL;
  PfClientOptions options = { .origin = "hotkey" };

  pf_client_apply_async (client, "games", &options, NULL, on_done, &result);
  fixture_wait_for (is_set, &result);
  transaction = pf_client_apply_finish (client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transaction, ==, MOCK_TRANSACTION);
  g_assert_cmpstr (fixture->mock->call, ==,
                   "Apply ('/org/portferry1/profiles/games', {'origin': <'hotkey'>})");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mock_helper_refuse (fixture->mock, PF_ERROR_AUTHORIZATION_DISMISSED, "You closed the question.");
  pf_client_toggle_async (client, NULL, NULL, on_done, &result);
  fixture_wait_for (is_set, &result);
  g_assert_null (pf_client_toggle_finish (client, result, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_AUTHORIZATION_DISMISSED);
  g_assert_cmpstr (error->message, ==, "You closed the question.");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture_wait_for (is_ready, client);
  pf_client_apply_async (client, "games", NULL, cancellable, on_done, &result);
  g_cancellable_cancel (cancellable);
  fixture_wait_for (is_set, &result);
  g_assert_null (pf_client_apply_finish (client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_interest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfClient) client = pf_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PfClientInterest *interest;
  char byte;

  pf_client_register_interest_async (client, NULL, on_done, &result);
  fixture_wait_for (is_set, &result);
  interest = pf_client_register_interest_finish (client, result, &error);
  g_assert_no_error (error);
  g_assert_true (g_unix_set_fd_nonblocking (fixture->mock->interest, TRUE, NULL));
  /* The writing end that went over the bus is open here and nowhere else: our copy was closed when it was
   * sent. */
  g_assert_cmpint (read (fixture->mock->interest, &byte, 1), ==, -1);
  g_object_unref (interest);
  settle ();
  g_assert_cmpint (read (fixture->mock->interest, &byte, 1), ==, 0);
}

static const struct
{
  const char *name;
  void (*function) (Fixture *, gconstpointer);
} tests[] = {
  { "states", test_states },
  { "lists", test_lists },
  { "changes-are-coalesced", test_changes_are_coalesced },
  { "wake-fails", test_wake_fails },
  { "wake", test_wake },
  { "switched", test_switched },
  { "switch-failed", test_switch_failed },
  { "switched-while-loading", test_switched_while_loading },
  { "apply", test_apply },
  { "refused", test_refused },
  { "cancelled", test_cancelled },
  { "interest", test_interest },
};

/* A process has one connection to the system bus, and each test has its own bus. */
static void
run_in_subprocess (gconstpointer path)
{
  g_test_trap_subprocess (path, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/client/", tests[i].name, NULL);
      char *inner = g_strconcat (path, "/subprocess", NULL);

      g_test_add (inner, Fixture, NULL, fixture_set_up, tests[i].function, fixture_tear_down);
      g_test_add_data_func_full (path, inner, run_in_subprocess, g_free);
    }
  return g_test_run ();
}
