/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-node.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>

#include "pf-error.h"

#define MAX_RECORD (1024 * 1024)

static gboolean
set_unknown (GError **error, const PfProfile *profile, const char *what, const char *name, int number)
{
  if (number != 0)
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The %s “%s” of the profile “%s” cannot be looked up: %s",
                 what, name, profile->label, g_strerror (number));
  else
    g_set_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE,
                 "The profile “%s” names the %s “%s”, and this machine has none of that name.",
                 profile->label, what, name);
  return FALSE;
}

static gboolean
find_user (const PfProfile *profile, uid_t *uid, GError **error)
{
  gsize size = 4096;

  for (;;)
    {
      g_autofree char *buffer = g_malloc (size);
      struct passwd record;
      struct passwd *found = NULL;
      int number = getpwnam_r (profile->vfio_user, &record, buffer, size, &found);

      if (number == ERANGE && size < MAX_RECORD)
        {
          size *= 2;
          continue;
        }
      if (found == NULL)
        return set_unknown (error, profile, "user", profile->vfio_user, number);
      *uid = found->pw_uid;
      return TRUE;
    }
}

static gboolean
find_group (const PfProfile *profile, gid_t *gid, GError **error)
{
  gsize size = 4096;

  for (;;)
    {
      g_autofree char *buffer = g_malloc (size);
      struct group record;
      struct group *found = NULL;
      int number = getgrnam_r (profile->vfio_group, &record, buffer, size, &found);

      if (number == ERANGE && size < MAX_RECORD)
        {
          size *= 2;
          continue;
        }
      if (found == NULL)
        return set_unknown (error, profile, "group", profile->vfio_group, number);
      *gid = found->gr_gid;
      return TRUE;
    }
}

/**
 * pf_node_resolve:
 * @profile: a profile
 * @caller: who asks for it
 * @node: (out): who shall be able to open the nodes of the groups that it lends
 * @error: PF_ERROR_INVALID_PROFILE for an unknown user or group
 *
 * Returns: whether @node was set
 */
gboolean
pf_node_resolve (const PfProfile *profile, uid_t caller, PfNode *node, GError **error)
{
  *node = (PfNode){ .uid = caller, .gid = 0, .mode = 0600 };
  if (profile->vfio_user != NULL && !find_user (profile, &node->uid, error))
    return FALSE;
  if (profile->vfio_group == NULL)
    return TRUE;
  node->mode = 0660;
  return find_group (profile, &node->gid, error);
}
