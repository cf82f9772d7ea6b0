/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What FUSE says that libfuse 3.14 has no name for (include/uapi/linux/fuse.h). */
#pragma once

#include <stdint.h>

/* A reply to open. The second flag keeps one write that hangs from holding up others to the same file
 * (since 6.2; ignored before). */
typedef struct
{
  uint64_t handle;
  uint32_t flags;
  uint32_t padding;
} PfFakeOpenReply;

#define PF_FAKE_OPEN_DIRECT_IO (1u << 0)
#define PF_FAKE_OPEN_PARALLEL_DIRECT_WRITES (1u << 6)
