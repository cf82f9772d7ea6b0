/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk itself: polkit believes in its sessions, and its agents answer as they are told. */
#include "pf-desk.h"

#include <polkit/polkit.h>

#define ACTION_YES_WHEN_ACTIVE "org.portferry.apply-profile"
#define ACTION_AUTH_WHEN_ACTIVE "org.portferry.edit-profiles"
#define ANSWER_TIMEOUT_MS 10000

/* A process of @user in his session, that waits to be asked about. */
typedef struct
{
  GSubprocess *process;
  PolkitSubject *subject;
} Person;

static void
person_free (Person *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_object_unref (self->subject);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)

static Person *
person_new (const char *user)
{
  Person *self = g_new0 (Person, 1);
  g_autofree char *as_user = g_build_filename (g_getenv ("PF_DESK"), "as-user", NULL);
  g_autoptr (GError) error = NULL;
  char ready[1];

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, as_user, user, "sh", "-c",
                                    "echo && exec sleep 600", NULL);
  g_assert_no_error (error);
  g_input_stream_read (g_subprocess_get_stdout_pipe (self->process), ready, 1, NULL, &error);
  g_assert_no_error (error);
  self->subject
      = polkit_unix_process_new_for_owner (atoi (g_subprocess_get_identifier (self->process)), 0, -1);
  return self;
}

typedef struct
{
  PolkitAuthorizationResult *result;
  GError *error;
  gboolean done;
} Check;

static void
on_authority_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;

  check->result
      = polkit_authority_check_authorization_finish (POLKIT_AUTHORITY (source), result, &check->error);
  check->done = TRUE;
}

static PolkitAuthority *
get_authority (void)
{
  g_autoptr (GError) error = NULL;
  PolkitAuthority *authority = polkit_authority_get_sync (NULL, &error);

  g_assert_no_error (error);
  return authority;
}

static void
check_start (Check *check, Person *person, const char *action, GCancellable *cancellable)
{
  g_autoptr (PolkitAuthority) authority = get_authority ();

  *check = (Check){ 0 };
  polkit_authority_check_authorization (authority, person->subject, action, NULL,
                                        POLKIT_CHECK_AUTHORIZATION_FLAGS_ALLOW_USER_INTERACTION, cancellable,
                                        on_authority_checked, check);
}

static void
check_finish (Check *check)
{
  while (!check->done)
    g_main_context_iteration (NULL, TRUE);
}

/* "yes", "ask", "dismissed" or "no". */
static const char *
ask_polkit (const char *user, const char *action)
{
  g_autoptr (Person) person = person_new (user);
  g_autoptr (PolkitAuthorizationResult) result = NULL;
  Check check;

  check_start (&check, person, action, NULL);
  check_finish (&check);
  g_assert_no_error (check.error);
  result = check.result;
  if (polkit_authorization_result_get_is_authorized (result))
    return "yes";
  if (polkit_authorization_result_get_dismissed (result))
    return "dismissed";
  return polkit_authorization_result_get_is_challenge (result) ? "ask" : "no";
}

static void
test_sessions (void)
{
  g_assert_cmpstr (ask_polkit ("active", ACTION_YES_WHEN_ACTIVE), ==, "yes");
  g_assert_cmpstr (ask_polkit ("inactive", ACTION_YES_WHEN_ACTIVE), ==, "ask");
  g_assert_cmpstr (ask_polkit ("remote", ACTION_YES_WHEN_ACTIVE), ==, "ask");
  g_assert_cmpstr (ask_polkit ("active", ACTION_AUTH_WHEN_ACTIVE), ==, "ask");
}

static void
test_agent_password (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("active", PF_DESK_ANSWER_PASSWORD);
  g_autofree char *action = NULL;
  g_autofree char *gained = NULL;

  g_assert_cmpstr (ask_polkit ("active", ACTION_AUTH_WHEN_ACTIVE), ==, "yes");
  action = pf_desk_agent_wait_for (agent, "request ", ANSWER_TIMEOUT_MS);
  g_assert_cmpstr (action, ==, ACTION_AUTH_WHEN_ACTIVE);
  gained = pf_desk_agent_wait_for (agent, "gained", ANSWER_TIMEOUT_MS);
  g_assert_nonnull (gained);
}

static void
test_agent_wrong_password (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_WRONG_PASSWORD);
  g_autofree char *refused = NULL;

  g_assert_cmpstr (ask_polkit ("inactive", ACTION_YES_WHEN_ACTIVE), ==, "no");
  refused = pf_desk_agent_wait_for (agent, "refused", ANSWER_TIMEOUT_MS);
  g_assert_nonnull (refused);
}

static void
test_agent_cancel (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("active", PF_DESK_ANSWER_CANCEL);

  g_assert_cmpstr (ask_polkit ("active", ACTION_AUTH_WHEN_ACTIVE), ==, "dismissed");
}

static void
test_agent_hang (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("active", PF_DESK_ANSWER_HANG);
  g_autoptr (Person) person = person_new ("active");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *asked = NULL;
  g_autofree char *cancelled = NULL;
  Check hung;

  check_start (&hung, person, ACTION_AUTH_WHEN_ACTIVE, cancellable);
  /* polkit's D-Bus call goes out with the main context. */
  while (asked == NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      asked = pf_desk_agent_wait_for (agent, "request ", 20);
    }
  g_assert_cmpstr (ask_polkit ("active", ACTION_YES_WHEN_ACTIVE), ==, "yes");
  g_assert_false (hung.done);

  g_cancellable_cancel (cancellable);
  check_finish (&hung);
  g_assert_error (hung.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&hung.error);
  cancelled = pf_desk_agent_wait_for (agent, "cancelled", ANSWER_TIMEOUT_MS);
  g_assert_nonnull (cancelled);
}

/* On the board "z97". */
static void
test_kernel (void)
{
  g_autofree char *vendor = pf_desk_read_kernel ("sys/bus/pci/devices/0000:00:14.0/vendor");
  g_autofree char *driver = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:14.0/driver");
  g_autofree char *unbound = NULL;
  g_autofree char *missing = pf_desk_read_kernel ("sys/no-such-file");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (vendor, ==, "0x8086");
  g_assert_cmpstr (driver, ==, "xhci_hcd");
  g_assert_null (missing);
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", 0), ==, 0x8cb18086);

  pf_desk_kernel_control ("unbind 0000:00:14.0", &error);
  g_assert_no_error (error);
  unbound = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:14.0/driver");
  g_assert_null (unbound);

  g_assert_false (pf_desk_kernel_control ("no-such-verb", &error));
  g_assert_nonnull (error);
}

static void
test_run (void)
{
  const char *const argv[] = { "sh", "-c", "id -un; echo \"$XDG_SESSION_ID\" >&2; exit 3", NULL };
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (pf_desk_run_as ("remote", argv, &output, &errors), ==, 3);
  g_assert_cmpstr (output, ==, "pf-remote\n");
  g_assert_cmpstr (errors, ==, "pfremote\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/sessions", test_sessions);
  g_test_add_func ("/desk/agent/password", test_agent_password);
  g_test_add_func ("/desk/agent/wrong-password", test_agent_wrong_password);
  g_test_add_func ("/desk/agent/cancel", test_agent_cancel);
  g_test_add_func ("/desk/agent/hang", test_agent_hang);
  g_test_add_func ("/desk/kernel", test_kernel);
  g_test_add_func ("/desk/run", test_run);
  return g_test_run ();
}
