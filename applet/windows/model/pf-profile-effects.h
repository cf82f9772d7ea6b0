/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-profile-draft.h"

G_BEGIN_DECLS

/* Why a function goes to the guest. */
typedef enum
{
  PF_REASON_CHOSEN,
  PF_REASON_PORTS, /* ports of it were chosen */
  PF_REASON_GROUP, /* it is in the IOMMU group of one that was */
} PfReason;

/**
 * PfEffect:
 * @address: of the function
 * @name: in words
 * @reason: why it goes
 */
typedef struct
{
  char *address;
  char *name;
  PfReason reason;
} PfEffect;

GPtrArray *pf_profile_effects_list (const PfProfileDraft *draft, GPtrArray *sockets, GPtrArray *controllers);
char *pf_profile_effects_describe (const PfEffect *effect);

G_END_DECLS
