/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-release.h"

struct _PfRelease
{
  PfSwitchRequest request; /* what it points to is ours */
  GTask *task;
  gint64 deadline; /* CLOCK_REALTIME, us: for people */
  guint timeout_id;
  GSourceFunc on_deadline;
  gpointer user_data;
};

static gboolean
on_timeout (gpointer user_data)
{
  PfRelease *release = user_data;

  release->timeout_id = 0;
  /* This may free it. */
  release->on_deadline (release->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * pf_release_new:
 * @request: what is wanted, with a number of seconds to wait; copied
 * @task: (transfer full): who waits for it
 * @on_deadline: called once, from the main loop, when the time is over
 * @user_data: for @on_deadline
 *
 * Returns: (transfer full): waits from now on
 */
PfRelease *
pf_release_new (const PfSwitchRequest *request, GTask *task, GSourceFunc on_deadline, gpointer user_data)
{
  PfRelease *release = g_new0 (PfRelease, 1);

  release->request = *request;
  release->request.profile = pf_profile_copy (request->profile);
  release->request.origin = g_strdup (request->origin);
  release->request.override = (const char *const *) g_strdupv ((char **) request->override);
  release->task = task;
  release->deadline = g_get_real_time () + (gint64) request->release_seconds * G_USEC_PER_SEC;
  release->on_deadline = on_deadline;
  release->user_data = user_data;
  release->timeout_id = g_timeout_add_seconds (request->release_seconds, on_timeout, release);
  return release;
}

/**
 * pf_release_free:
 * @release: (transfer full): no longer waited for; its task has been taken
 */
void
pf_release_free (PfRelease *release)
{
  g_assert (release->task == NULL);
  g_clear_handle_id (&release->timeout_id, g_source_remove);
  pf_profile_free ((PfProfile *) release->request.profile);
  g_free ((char *) release->request.origin);
  g_strfreev ((char **) release->request.override);
  g_free (release);
}

/**
 * pf_release_get_request:
 * @release: a switch that waits
 *
 * Returns: (transfer none): what is wanted
 */
const PfSwitchRequest *
pf_release_get_request (const PfRelease *release)
{
  return &release->request;
}

/**
 * pf_release_take_task:
 * @release: a switch that waits no longer
 *
 * Returns: (transfer full): who waits for it
 */
GTask *
pf_release_take_task (PfRelease *release)
{
  return g_steal_pointer (&release->task);
}

/**
 * pf_release_get_deadline:
 * @release: a switch that waits
 *
 * Returns: CLOCK_REALTIME in microseconds
 */
gint64
pf_release_get_deadline (const PfRelease *release)
{
  return release->deadline;
}

/**
 * pf_release_needs:
 * @request: what is wanted
 * @board: the machine as it was just read
 * @group: one of its groups
 *
 * Returns: whether the profile leaves @group to the host
 */
gboolean
pf_release_needs (const PfSwitchRequest *request, const PfBoard *board, const PfGroup *group)
{
  for (guint i = 0; i < request->profile->controllers->len; i++)
    {
      const PfController *controller
          = pf_device_key_resolve (request->profile->controllers->pdata[i], request->profile, board, NULL);

      if (controller != NULL && controller->group == group)
        return FALSE;
    }
  return TRUE;
}
