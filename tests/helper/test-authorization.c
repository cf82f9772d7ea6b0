/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what: each method of each interface, denied, dismissed and allowed, by a real polkitd; and a
 * question that nobody answers, which must hold up nobody else. Board: z97. */
#include <signal.h>
#include <string.h>

#include <glib/gstdio.h>

#include "pf-test-helper.h"

#define GUEST PF_BUS_PROFILES_PATH "/guest"
#define MANAGER PF_BUS_MANAGER_PATH
#define XHCI PF_BUS_CONTROLLERS_PATH "/0000_00_14_0"

/* Needs nothing moved before. */
static const PfTestCall switches[] = {
  { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', @a{sv} {})" },
  { "Manager", "Apply", MANAGER, "(objectpath '" PF_TEST_HOME "', @a{sv} {})" },
  { "Manager", "Toggle", MANAGER, "(@a{sv} {},)" },
  { "Manager", "ReturnAll", MANAGER, "(@a{sv} {},)" },
};

static const PfTestCall edits[] = {
  { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', {'override': <['last-keyboard']>})" },
  { "Manager", "AddProfile", MANAGER, "('other', {'label': <'Other'>})" },
  { "Manager", "LabelPort", MANAGER, "(objectpath '" XHCI "', 'ehci1/2', 'Rear, blue')" },
  { "Manager", "LabelSocket", MANAGER, "(objectpath '" XHCI "', 'ehci1/2', {'place': <'rear'>})" },
  { "Manager", "TryPort", MANAGER, "(objectpath '" XHCI "', 'ehci1/1', @a{sv} {})" },
  { "Profile", "Update", GUEST, "({'label': <'Guest 2'>},)" },
  { "Profile", "Remove", PF_BUS_PROFILES_PATH "/spare", "()" },
};

static const PfTestCall preview = { "Manager", "Preview", MANAGER, "(objectpath '" GUEST "',)" };

/* Confirm and Revert need a switch that waits. */
static const char *const endings[] = { "Confirm", "Revert" };

static void
set_up (void)
{
  pf_test_add_profile ("guest", "{'controllers': <['00:1d.0']>, 'ports': <['ehci1/6']>}");
  pf_test_add_profile ("spare", "@a{sv} {}");
}

static void
remove_profile (const char *id)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autoptr (GVariant) answer
      = pf_test_call ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Profile", "Remove", path, "()" });
}

static void
refuse_all (const char *user, PfDeskCallFlags flags, PfError code)
{
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    pf_test_refuse (user, flags, &switches[i], code);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    pf_test_refuse (user, flags, &edits[i], code);
}

static void
refuse_endings (const char *user, PfDeskCallFlags flags, PfError code)
{
  g_autofree char *transaction = pf_test_apply ("root", "guest", "{'confirm-seconds': <uint32 120>}");
  g_autofree char *parameters = g_strdup_printf ("('%s',)", transaction);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    pf_test_refuse (user, flags, &(PfTestCall){ "Manager", endings[i], MANAGER, parameters }, code);
  pf_test_go_home ();
}

static void
test_denied (void)
{
  static const char *const users[] = { "inactive", "remote", "admin" };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      refuse_all (users[i], PF_DESK_CALL_NONE, PF_ERROR_AUTHORIZATION_REQUIRED);
      refuse_endings (users[i], PF_DESK_CALL_NONE, PF_ERROR_AUTHORIZATION_REQUIRED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    pf_test_refuse ("active", PF_DESK_CALL_NONE, &edits[i], PF_ERROR_AUTHORIZATION_REQUIRED);
}

static void
test_wrong_password (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_WRONG_PASSWORD);

  refuse_all ("inactive", PF_DESK_CALL_INTERACTIVE, PF_ERROR_NOT_AUTHORIZED);
  refuse_endings ("inactive", PF_DESK_CALL_INTERACTIVE, PF_ERROR_NOT_AUTHORIZED);
}

static void
test_dismissed (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_CANCEL);
  g_autoptr (PfDeskAgent) own = pf_desk_agent_start ("active", PF_DESK_ANSWER_CANCEL);

  refuse_all ("inactive", PF_DESK_CALL_INTERACTIVE, PF_ERROR_AUTHORIZATION_DISMISSED);
  refuse_endings ("inactive", PF_DESK_CALL_INTERACTIVE, PF_ERROR_AUTHORIZATION_DISMISSED);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    pf_test_refuse ("active", PF_DESK_CALL_INTERACTIVE, &edits[i], PF_ERROR_AUTHORIZATION_DISMISSED);
}

/* The caller says that nobody must be asked, although D-Bus would allow it. */
static void
test_no_interaction (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_PASSWORD);
  static const PfTestCall calls[] = {
    { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', {'no-interaction': <true>})" },
    { "Manager", "Toggle", MANAGER, "({'no-interaction': <true>},)" },
    { "Manager", "ReturnAll", MANAGER, "({'no-interaction': <true>},)" },
    { "Manager", "AddProfile", MANAGER, "('other', {'no-interaction': <true>})" },
    { "Manager", "TryPort", MANAGER, "(objectpath '" XHCI "', 'ehci1/1', {'no-interaction': <true>})" },
    { "Profile", "Update", GUEST, "({'no-interaction': <true>},)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    pf_test_refuse ("inactive", PF_DESK_CALL_INTERACTIVE, &calls[i], PF_ERROR_AUTHORIZATION_REQUIRED);
  g_assert_null (strstr (pf_desk_agent_get_log (agent), "request"));
}

static void
allow (const char *user, PfDeskCallFlags flags, const PfTestCall *call)
{
  g_autoptr (GVariant) answer = pf_test_call (user, flags, call);
}

static void
allow_endings (const char *user, PfDeskCallFlags flags)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *transaction = pf_test_apply ("root", "guest", "{'confirm-seconds': <uint32 120>}");
      g_autofree char *parameters = g_strdup_printf ("('%s',)", transaction);

      allow (user, flags, &(PfTestCall){ "Manager", endings[i], MANAGER, parameters });
      pf_test_go_home ();
    }
}

static void
test_allowed_active (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    allow ("active", PF_DESK_CALL_NONE, &switches[i]);
  pf_test_go_home ();
  allow_endings ("active", PF_DESK_CALL_NONE);
}

static void
test_allowed_by_password (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_PASSWORD);

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    allow ("inactive", PF_DESK_CALL_INTERACTIVE, &switches[i]);
  pf_test_go_home ();
  allow_endings ("inactive", PF_DESK_CALL_INTERACTIVE);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      allow ("inactive", PF_DESK_CALL_INTERACTIVE, &edits[i]);
      pf_test_go_home ();
    }
  remove_profile ("other");
  pf_test_add_profile ("spare", "@a{sv} {}");
}

/* What is asked names the profile and what it lends. */
static void
test_question (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("remote", PF_DESK_ANSWER_CANCEL);
  g_autofree char *action = NULL;
  g_autofree char *message = NULL;

  pf_test_refuse ("remote", PF_DESK_CALL_INTERACTIVE, &switches[0], PF_ERROR_AUTHORIZATION_DISMISSED);
  action = pf_desk_agent_wait_for (agent, "request ", 5000);
  message = pf_desk_agent_wait_for (agent, "message ", 5000);
  g_assert_cmpstr (action, ==, "org.portferry.apply-profile");
  g_assert_nonnull (strstr (message, "Guest 2"));
  g_assert_nonnull (strstr (message, "0000:00:1d.0"));
  g_assert_nonnull (strstr (message, "ehci1/6"));
}

static void
test_open (void)
{
  static const char *const users[] = { "inactive", "remote", "admin", "active" };
  static const PfTestCall interest = { "Manager", "RegisterInterest", MANAGER, "()" };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      allow (users[i], PF_DESK_CALL_NONE, &preview);
      allow (users[i], PF_DESK_CALL_NONE, &interest);
    }
}

/* No property can be written, by nobody. */
static void
test_read_only (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = pf_desk_call_as ("root", PF_DESK_CALL_NONE, MANAGER, "org.freedesktop.DBus.Properties", "Set",
                         g_variant_new_parsed ("('org.portferry1.Manager', 'State', <'idle'>)"),
                         PF_TEST_TIMEOUT_MS, &error);
  g_autofree char *name = NULL;

  g_assert_null (answer);
  name = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (name, ==, "org.freedesktop.DBus.Error.AccessDenied");
}

static void
test_hung_agent (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_HANG);
  PfDeskCall *hung
      = pf_desk_call_start ("inactive", PF_DESK_CALL_INTERACTIVE, MANAGER, PF_TEST_MANAGER, "Apply",
                            g_variant_new_parsed ("(objectpath '" GUEST "', @a{sv} {})"), 600000);
  g_autofree char *request = pf_desk_agent_wait_for (agent, "request ", 5000);
  g_autofree char *state = NULL;
  g_autofree char *cancelled = NULL;
  gint64 begin;

  g_assert_nonnull (request);
  begin = g_get_monotonic_time ();
  state = pf_test_get (MANAGER, PF_TEST_MANAGER, "State");
  g_assert_cmpstr (state, ==, "idle");
  allow ("remote", PF_DESK_CALL_NONE, &preview);
  allow ("active", PF_DESK_CALL_NONE, &switches[0]);
  allow ("active", PF_DESK_CALL_NONE, &switches[3]);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);

  /* Who does not wait any longer is not asked any longer. */
  pf_desk_call_abandon (hung);
  cancelled = pf_desk_agent_wait_for (agent, "cancelled", 5000);
  g_assert_nonnull (cancelled);
}

static void
test_too_many (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_HANG);
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_desk_call_abandon);

  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *request = NULL;

      g_ptr_array_add (calls,
                       pf_desk_call_start ("inactive", PF_DESK_CALL_INTERACTIVE, MANAGER, PF_TEST_MANAGER,
                                           "ReturnAll", g_variant_new_parsed ("(@a{sv} {},)"), 600000));
      request = pf_desk_agent_wait_for (agent, "request ", 5000);
      g_assert_nonnull (request);
    }
  pf_test_refuse ("inactive", PF_DESK_CALL_INTERACTIVE, &switches[3], PF_ERROR_LIMIT_EXCEEDED);
  allow ("active", PF_DESK_CALL_NONE, &switches[3]);
}

static char *
get_rule_path (void)
{
  return g_build_filename (g_getenv ("PF_DESK"), "polkit/rules/10-slow.rules", NULL);
}

/* From now on polkit takes a second to say yes to pf-remote. */
static void
slow_polkit_down (void)
{
  static const char rule[]
      = "polkit.addRule(function(action, subject) {\n"
        "  if (subject.user == 'pf-remote' && action.id.indexOf('org.portferry.') == 0) {\n"
        "    polkit.spawn(['/bin/sleep', '1']);\n"
        "    return polkit.Result.YES;\n"
        "  }\n"
        "});\n";
  g_autofree char *path = get_rule_path ();
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, rule, -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 50 && answer == NULL; i++)
    {
      g_usleep (100000);
      answer = pf_test_try ("remote", PF_DESK_CALL_NONE, &switches[3], NULL);
    }
  g_assert_nonnull (answer);
}

/* While polkit thinks, somebody writes into the profile what it was not asked about. */
static void
test_changed_meanwhile (void)
{
  g_autofree char *rule = get_rule_path ();
  g_autofree char *profile
      = g_build_filename (g_getenv ("PF_STATE"), "etc/portferry/profiles.d/guest.profile", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  PfDeskCall *call;

  slow_polkit_down ();
  before = pf_desk_read_kernel ("control");
  call
      = pf_desk_call_start ("remote", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "Apply",
                            g_variant_new_parsed ("(objectpath '" GUEST "', @a{sv} {})"), PF_TEST_TIMEOUT_MS);
  g_usleep (400000);
  g_assert_true (g_file_set_contents (
      profile, "[Profile]\nFormat=1\nLabel=Guest\n\n[Controller 0000:00:1a.0]\n", -1, NULL));
  answer = pf_desk_call_finish (call, &error);
  g_assert_null (answer);
  g_assert_error (error, PF_ERROR, PF_ERROR_BUSY);
  after = pf_desk_read_kernel ("control");
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (g_unlink (rule), ==, 0);
}

/* Without polkit nobody may do anything but look; not even the way home is free. The last test: polkit does
 * not come back. */
static void
test_polkit_away (void)
{
  guint32 pid = pf_test_get_process ("org.freedesktop.PolicyKit1");

  g_assert_cmpint (kill ((pid_t) pid, SIGKILL), ==, 0);
  while (kill ((pid_t) pid, 0) == 0)
    g_usleep (10000);
  refuse_all ("active", PF_DESK_CALL_NONE, PF_ERROR_NOT_AUTHORIZED);
  refuse_all ("root", PF_DESK_CALL_NONE, PF_ERROR_NOT_AUTHORIZED);
  allow ("remote", PF_DESK_CALL_NONE, &preview);
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  set_up ();
  g_test_add_func ("/authorization/denied", test_denied);
  g_test_add_func ("/authorization/wrong-password", test_wrong_password);
  g_test_add_func ("/authorization/dismissed", test_dismissed);
  g_test_add_func ("/authorization/no-interaction", test_no_interaction);
  g_test_add_func ("/authorization/allowed-active", test_allowed_active);
  g_test_add_func ("/authorization/allowed-by-password", test_allowed_by_password);
  g_test_add_func ("/authorization/question", test_question);
  g_test_add_func ("/authorization/open", test_open);
  g_test_add_func ("/authorization/read-only", test_read_only);
  g_test_add_func ("/authorization/hung-agent", test_hung_agent);
  g_test_add_func ("/authorization/too-many", test_too_many);
  g_test_add_func ("/authorization/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/authorization/polkit-away", test_polkit_away);
  return g_test_run ();
}
