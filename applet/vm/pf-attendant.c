/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-attendant.h"

#include "pf-vm.h"

/* A machine that is being started may not listen yet; and the helper looks at a group by opening it for a moment, in which
 * QEMU is refused. */
#define RETRY_MS 500
/* A guest that wants to lets go of a controller in less than a second. */
#define DETACH_SECONDS 30

#define AWAITING_ATTACH "awaiting-attach"

struct _PfAttendant
{
  GObject parent_instance;
  PfClient *client;
  char *wanted_profile; /* (nullable): a switch to it waits until the machine has its controllers */
  char **wanted;
  GError *failure; /* why it does not have them yet */
  guint retry_id;
  GPtrArray *releases; /* of char *: controllers that were asked for just now */
  guint release_id;
  guint jobs; /* under way */
};

G_DEFINE_FINAL_TYPE (PfAttendant, pf_attendant, G_TYPE_OBJECT)

enum
{
  SIGNAL_ATTACHED,
  SIGNAL_DETACHED,
  SIGNAL_FAILED,
  SIGNAL_RESTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What is under way: some controllers of a profile, on their way into the machine or out of it. */
typedef struct
{
  PfAttendant *attendant;
  char *profile;
  char **controllers;
} Job;

static Job *
job_new (PfAttendant *attendant, const char *profile, char **controllers)
{
  Job *job = g_new0 (Job, 1);

  job->attendant = g_object_ref (attendant);
  job->profile = g_strdup (profile);
  job->controllers = g_strdupv (controllers);
  attendant->jobs++;
  return job;
}

static void
job_free (Job *job)
{
  job->attendant->jobs--;
  if (!pf_attendant_is_busy (job->attendant))
    g_signal_emit (job->attendant, signals[SIGNAL_RESTED], 0);
  g_object_unref (job->attendant);
  g_free (job->profile);
  g_strfreev (job->controllers);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

/* --- In --- */

static void attach (PfAttendant *attendant);

static gboolean
is_awaited (PfAttendant *attendant)
{
  PfDBusManager *manager = pf_client_get_manager (attendant->client);

  return manager != NULL && g_strcmp0 (pf_dbus_manager_get_state (manager), AWAITING_ATTACH) == 0;
}

static void
forget_wanted (PfAttendant *attendant)
{
  g_clear_handle_id (&attendant->retry_id, g_source_remove);
  g_clear_pointer (&attendant->wanted_profile, g_free);
  g_clear_pointer (&attendant->wanted, g_strfreev);
}

static gboolean
on_retry (gpointer user_data)
{
  PfAttendant *attendant = user_data;

  attendant->retry_id = 0;
  if (is_awaited (attendant))
    attach (attendant);
  else
    forget_wanted (attendant);
  if (!pf_attendant_is_busy (attendant))
    g_signal_emit (attendant, signals[SIGNAL_RESTED], 0);
  return G_SOURCE_REMOVE;
}

static void
note_failure (PfAttendant *attendant, const char *profile, GError *error)
{
  gboolean is_first = attendant->failure == NULL;

  g_clear_error (&attendant->failure);
  attendant->failure = error;
  if (is_first)
    g_signal_emit (attendant, signals[SIGNAL_FAILED], 0, profile, TRUE, error);
}

static void
on_attached (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Job) job = user_data;
  PfAttendant *attendant = job->attendant;
  GError *error = NULL;
  gboolean done = pf_vm_finish (result, &error);

  /* Meanwhile another switch may have begun, which wants something else. */
  if (g_strcmp0 (job->profile, attendant->wanted_profile) != 0)
    {
      g_clear_error (&error);
      return;
    }
  if (!done)
    {
      note_failure (attendant, job->profile, error);
      attendant->retry_id = g_timeout_add (RETRY_MS, on_retry, attendant);
      return;
    }
  g_clear_error (&attendant->failure);
  forget_wanted (attendant);
  g_signal_emit (attendant, signals[SIGNAL_ATTACHED], 0, job->profile, job->controllers);
}

static void
attach (PfAttendant *attendant)
{
  PfDBusProfile *profile = pf_client_find_profile (attendant->client, attendant->wanted_profile);
  g_autoptr (PfVm) vm = profile != NULL ? pf_vm_new_for_profile (profile) : NULL;

  if (vm == NULL)
    forget_wanted (attendant);
  else
    pf_vm_attach_async (vm, (const char *const *) attendant->wanted, PF_ATTENDANT_SECONDS, on_attached,
                        job_new (attendant, attendant->wanted_profile, attendant->wanted));
}

static void
on_attach_wanted (PfClient *client, const char *profile, const char *const *controllers, gpointer user_data)
{
  PfAttendant *attendant = user_data;

  /* It may be over already; and a signal alone is not believed. */
  if (!is_awaited (attendant))
    return;
  forget_wanted (attendant);
  g_clear_error (&attendant->failure);
  attendant->wanted_profile = g_strdup (profile);
  attendant->wanted = g_strdupv ((char **) controllers);
  attach (attendant);
}

/* --- Out --- */

static gboolean
lends (PfDBusProfile *profile, const char *controller)
{
  const char *const *controllers = pf_dbus_profile_get_controllers (profile);

  return controllers != NULL && g_strv_contains (controllers, controller);
}

static PfDBusProfile *
find_if_lends (PfClient *client, const char *id, const char *controller)
{
  PfDBusProfile *profile = id != NULL ? pf_client_find_profile (client, id) : NULL;
  g_autoptr (PfVm) vm = profile != NULL && lends (profile, controller) ? pf_vm_new_for_profile (profile) : NULL;

  return vm != NULL ? profile : NULL;
}

/* The profile for which a controller was lent is in force still, or was before; else any that lends it will do: nothing
 * happens in a machine that does not have it. */
static PfDBusProfile *
find_lender (PfClient *client, const char *controller)
{
  g_autofree char *active = pf_client_get_active_profile_id (client);
  g_autofree char *previous = pf_client_get_previous_profile_id (client);
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (client);
  PfDBusProfile *found = find_if_lends (client, active, controller);

  if (found == NULL)
    found = find_if_lends (client, previous, controller);
  for (guint i = 0; found == NULL && i < profiles->len; i++)
    found = find_if_lends (client, pf_dbus_profile_get_id (profiles->pdata[i]), controller);
  return found;
}

static void
on_detached (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;

  if (pf_vm_finish (result, &error))
    g_signal_emit (job->attendant, signals[SIGNAL_DETACHED], 0, job->profile, job->controllers);
  else
    g_signal_emit (job->attendant, signals[SIGNAL_FAILED], 0, job->profile, FALSE, error);
}

/* Takes those that the same machine has out of @releases. */
static void
detach_some (PfAttendant *attendant, GPtrArray *releases)
{
  PfDBusProfile *profile = find_lender (attendant->client, releases->pdata[0]);
  g_autoptr (PfVm) vm = profile != NULL ? pf_vm_new_for_profile (profile) : NULL;
  g_autoptr (GPtrArray) controllers = g_ptr_array_new ();
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();

  for (guint i = 0; i < releases->len; i++)
    if (i == 0 || find_lender (attendant->client, releases->pdata[i]) == profile)
      g_ptr_array_add (controllers, releases->pdata[i]);
    else
      g_ptr_array_add (rest, releases->pdata[i]);
  g_ptr_array_add (controllers, NULL);
  if (vm != NULL)
    pf_vm_detach_async (vm, (const char *const *) controllers->pdata, DETACH_SECONDS, on_detached,
                        job_new (attendant, pf_dbus_profile_get_id (profile), (char **) controllers->pdata));
  if (rest->len > 0)
    detach_some (attendant, rest);
}

static gboolean
on_release (gpointer user_data)
{
  PfAttendant *attendant = user_data;
  g_autoptr (GPtrArray) releases = g_steal_pointer (&attendant->releases);

  attendant->release_id = 0;
  attendant->releases = g_ptr_array_new_with_free_func (g_free);
  detach_some (attendant, releases);
  if (!pf_attendant_is_busy (attendant))
    g_signal_emit (attendant, signals[SIGNAL_RESTED], 0);
  return G_SOURCE_REMOVE;
}

/* They are asked for one by one, and a machine is talked to once. */
static void
on_release_wanted (PfClient *client, const char *controller, const char *holder, gpointer user_data)
{
  PfAttendant *attendant = user_data;

  g_ptr_array_add (attendant->releases, g_strdup (controller));
  if (attendant->release_id == 0)
    attendant->release_id = g_idle_add_full (G_PRIORITY_LOW, on_release, attendant, NULL);
}

/* --- The object --- */

static void
pf_attendant_finalize (GObject *object)
{
  PfAttendant *attendant = PF_ATTENDANT (object);

  forget_wanted (attendant);
  g_clear_handle_id (&attendant->release_id, g_source_remove);
  g_ptr_array_unref (attendant->releases);
  g_clear_error (&attendant->failure);
  g_signal_handlers_disconnect_by_data (attendant->client, attendant);
  g_object_unref (attendant->client);
  G_OBJECT_CLASS (pf_attendant_parent_class)->finalize (object);
}

static void
pf_attendant_class_init (PfAttendantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_attendant_finalize;
  signals[SIGNAL_ATTACHED] = g_signal_new ("attached", PF_TYPE_ATTENDANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
  signals[SIGNAL_DETACHED] = g_signal_new ("detached", PF_TYPE_ATTENDANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", PF_TYPE_ATTENDANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_ERROR);
  signals[SIGNAL_RESTED]
      = g_signal_new ("rested", PF_TYPE_ATTENDANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_attendant_init (PfAttendant *attendant)
{
  attendant->releases = g_ptr_array_new_with_free_func (g_free);
}

/**
 * pf_attendant_new:
 * @client: the helper's client
 *
 * Returns: (transfer full): an attendant, at work from now on, until it is let go and what is under way has ended
 */
PfAttendant *
pf_attendant_new (PfClient *client)
{
  PfAttendant *attendant = g_object_new (PF_TYPE_ATTENDANT, NULL);

  attendant->client = g_object_ref (client);
  g_signal_connect (client, "attach-wanted", G_CALLBACK (on_attach_wanted), attendant);
  g_signal_connect (client, "release-wanted", G_CALLBACK (on_release_wanted), attendant);
  return attendant;
}

/**
 * pf_attendant_is_busy:
 * @attendant: an attendant
 *
 * Returns: whether it talks to a machine, or is about to
 */
gboolean
pf_attendant_is_busy (PfAttendant *attendant)
{
  return attendant->jobs > 0 || attendant->release_id != 0 || attendant->retry_id != 0;
}

/**
 * pf_attendant_get_failure:
 * @attendant: an attendant
 *
 * Returns: (transfer none) (nullable): why the last attachment that was wanted has not come about so far
 */
const GError *
pf_attendant_get_failure (PfAttendant *attendant)
{
  return attendant->failure;
}
