/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kernel versions in an order. */
#define PF_KERNEL_VERSION(major, minor) ((guint) (major) << 16 | (guint) (minor))

/**
 * PfResetQuirk:
 * @text: what to know of a chip before lending it
 * @is_risk: lending it may do harm; else it is only good to know
 * @kernel_before: holds only on older kernels; 0 for all, see PF_KERNEL_VERSION()
 * @method: (nullable): holds only where the kernel may reset the function in this way
 * @shared_group: holds only where others go along with it
 *
 * A [reset-quirk VENDOR:DEVICE] of chipsets.conf.
 */
typedef struct
{
  char *text;
  gboolean is_risk;
  guint kernel_before;
  char *method;
  gboolean shared_group;
} PfResetQuirk;

/**
 * PfResetFacts:
 * @kernel_version: of the running kernel; 0 when it is not known
 * @methods: (nullable): how the function can be reset; NULL when it cannot
 * @group_is_known: whether it is in an IOMMU group
 * @others_go_along: whether other members of that group move together with it
 *
 * What a machine says about one of its functions.
 */
typedef struct
{
  guint kernel_version;
  char **methods;
  gboolean group_is_known;
  gboolean others_go_along;
} PfResetFacts;

PfResetQuirk *pf_reset_quirk_read (GKeyFile *file, const char *group, GError **error);
void pf_reset_quirk_free (PfResetQuirk *quirk);
gboolean pf_reset_quirk_holds (const PfResetQuirk *quirk, const PfResetFacts *facts);
gboolean pf_kernel_version_parse (const char *text, guint *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfResetQuirk, pf_reset_quirk_free)

G_END_DECLS
