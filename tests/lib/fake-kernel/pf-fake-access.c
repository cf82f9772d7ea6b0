/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-access.h"

#include <unistd.h>

#define MAX_GROUPS 64

/**
 * pf_fake_access_is_privileged:
 * @root_uid: the user who counts as root, beside root
 *
 * Returns: whether the caller counts as root
 */
gboolean
pf_fake_access_is_privileged (fuse_req_t request, uid_t root_uid)
{
  uid_t uid = fuse_req_ctx (request)->uid;

  return uid == 0 || uid == root_uid;
}

static gboolean
is_in_group (fuse_req_t request, gid_t gid)
{
  gid_t groups[MAX_GROUPS];
  int count;

  if (fuse_req_ctx (request)->gid == gid)
    return TRUE;
  count = fuse_req_getgroups (request, MAX_GROUPS, groups);
  for (int i = 0; i < MIN (count, MAX_GROUPS); i++)
    if (groups[i] == gid)
      return TRUE;
  return FALSE;
}

/**
 * pf_fake_access_is_allowed:
 * @wanted: R_OK, W_OK or both
 *
 * Where nobody may read or write a file, root may not either: sysfs is mounted that way (kernfs_fop_open() in
 * fs/kernfs/file.c).
 *
 * Returns: whether the caller may open @node that way
 */
gboolean
pf_fake_access_is_allowed (fuse_req_t request, uid_t root_uid, const PfFakeNode *node, int wanted)
{
  mode_t mode = node->mode;
  mode_t anybody = (mode | mode >> 3 | mode >> 6) & 7;

  if (pf_fake_access_is_privileged (request, root_uid))
    return S_ISDIR (mode) || (anybody & wanted) == (mode_t) wanted;
  if (fuse_req_ctx (request)->uid == node->uid)
    mode >>= 6;
  else if ((mode >> 3 & 7) != (mode & 7) && is_in_group (request, node->gid))
    mode >>= 3;
  return (mode & wanted) == (mode_t) wanted;
}
