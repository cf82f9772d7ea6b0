/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pf-test-agent: the authentication agent of a session or of one process, that answers as it was told to.
 *
 * What it is asked and what became of it goes to standard output, one fact a line:
 *
 *   registered
 *   request ACTION
 *   message TEXT
 *   detail KEY=VALUE        (any number)
 *   gained | refused        (what polkit made of the password)
 *   cancelled               (by --cancel, or by polkit when nobody waits for the answer any more)
 */
#define POLKIT_AGENT_I_KNOW_API_IS_SUBJECT_TO_CHANGE
#include <polkitagent/polkitagent.h>
#include <stdio.h>

static char *option_session;
static int option_process;
static char *option_password;
static gboolean option_cancel;
static gboolean option_hang;

static const GOptionEntry entries[]
    = { { "session", 0, 0, G_OPTION_ARG_STRING, &option_session,
          "Answer for this session (default: one's own)", "ID" },
        { "process", 0, 0, G_OPTION_ARG_INT, &option_process, "Answer for this process only", "PID" },
        { "password", 0, 0, G_OPTION_ARG_STRING, &option_password, "Answer with this password", "PASSWORD" },
        { "cancel", 0, 0, G_OPTION_ARG_NONE, &option_cancel, "Dismiss each request", NULL },
        { "hang", 0, 0, G_OPTION_ARG_NONE, &option_hang, "Never answer", NULL },
        { NULL } };

typedef PolkitAgentListener PfTestAgent;
typedef PolkitAgentListenerClass PfTestAgentClass;
GType pf_test_agent_get_type (void);
G_DEFINE_TYPE (PfTestAgent, pf_test_agent, POLKIT_AGENT_TYPE_LISTENER)

static void
on_session_request (PolkitAgentSession *session, const char *request, gboolean echo, gpointer user_data)
{
  polkit_agent_session_response (session, option_password);
}

static void
on_session_completed (PolkitAgentSession *session, gboolean gained, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  printf ("%s\n", gained ? "gained" : "refused");
  g_task_return_boolean (task, TRUE);
  g_object_unref (session);
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  printf ("cancelled\n");
}

static void
print_request (const char *action, const char *message, PolkitDetails *details)
{
  g_auto (GStrv) keys = details != NULL ? polkit_details_get_keys (details) : NULL;

  printf ("request %s\nmessage %s\n", action, message);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    printf ("detail %s=%s\n", keys[i], polkit_details_lookup (details, keys[i]));
}

static void
pf_test_agent_initiate_authentication (PolkitAgentListener *listener,
                                       const char *action,
                                       const char *message,
                                       const char *icon,
                                       PolkitDetails *details,
                                       const char *cookie,
                                       GList *identities,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (listener, cancellable, callback, user_data);
  PolkitAgentSession *session;

  print_request (action, message, details);
  if (option_cancel)
    {
      printf ("cancelled\n");
      g_task_return_new_error (task, POLKIT_ERROR, POLKIT_ERROR_CANCELLED, "Dismissed");
      return;
    }
  if (option_hang)
    {
      g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), NULL);
      g_object_set_data_full (G_OBJECT (listener), cookie, g_steal_pointer (&task), g_object_unref);
      return;
    }
  session = polkit_agent_session_new (identities->data, cookie);
  g_signal_connect (session, "request", G_CALLBACK (on_session_request), NULL);
  g_signal_connect (session, "completed", G_CALLBACK (on_session_completed), g_steal_pointer (&task));
  polkit_agent_session_initiate (session);
}

static gboolean
pf_test_agent_initiate_authentication_finish (PolkitAgentListener *listener,
                                              GAsyncResult *result,
                                              GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pf_test_agent_class_init (PfTestAgentClass *klass)
{
  klass->initiate_authentication = pf_test_agent_initiate_authentication;
  klass->initiate_authentication_finish = pf_test_agent_initiate_authentication_finish;
}

static void
pf_test_agent_init (PfTestAgent *self)
{
}

static PolkitSubject *
choose_subject (void)
{
  if (option_process != 0)
    return polkit_unix_process_new_for_owner (option_process, 0, -1);
  if (option_session == NULL)
    option_session = g_strdup (g_getenv ("XDG_SESSION_ID"));
  return option_session != NULL ? polkit_unix_session_new (option_session) : NULL;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- answer for a person");
  g_autoptr (GError) error = NULL;
  g_autoptr (PolkitSubject) subject = NULL;
  g_autoptr (PolkitAgentListener) agent = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  subject = choose_subject ();
  if (subject == NULL || (option_password == NULL && !option_cancel && !option_hang))
    g_error ("Say for whom, and one of --password, --cancel and --hang");

  agent = g_object_new (pf_test_agent_get_type (), NULL);
  if (!polkit_agent_listener_register (agent, POLKIT_AGENT_REGISTER_FLAGS_NONE, subject, NULL, NULL, &error))
    g_error ("%s", error->message);
  printf ("registered\n");
  g_main_loop_run (loop);
  return 0;
}
