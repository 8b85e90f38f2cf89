"""Call the pipelines of LTX-Video and LTX-2, which place images and clips at any frame."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

from ..conditions import Conditions
from ..folder_check import ModelFolder
from ..requests import Clip, Prompt
from .base import Arguments, Family, Grid, lend_scheduler, refuse

_LTX_TOKENS: Final = 256
_LTX2_TOKENS: Final = 1024

_LTX_DECODING: Final = {
    "image_cond_noise_scale": 0.025,
    "decode_timestep": 0.05,
    "decode_noise_scale": 0.025,
}
"""What the distilled 0.9.8 checkpoints are used with."""

_LTX2_UNGUIDED: Final = {
    "stg_scale": 0.0,
    "modality_scale": 1.0,
    "guidance_rescale": 0.0,
    "audio_guidance_scale": 1.0,
    "audio_stg_scale": 0.0,
    "audio_modality_scale": 1.0,
    "audio_guidance_rescale": 0.0,
    "spatio_temporal_guidance_blocks": None,
}
"""For distilled checkpoints: one pass of the model a step."""

_LTX2_PERTURBED_BLOCK: Final = {False: 29, True: 28}
"""The block that guidance perturbs, in LTX-2.0 and in later releases."""

_MASK_FIELDS: Final = (
    "prompt_embeds",
    "prompt_attention_mask",
    "negative_prompt_embeds",
    "negative_prompt_attention_mask",
)


def _accept(folder: ModelFolder) -> None:
    """Accept every checkpoint: the class of its transformer says enough."""


def _grid(pipe: Any) -> Grid:
    return Grid(
        px=pipe.vae_spatial_compression_ratio * pipe.transformer_spatial_patch_size,
        frames=pipe.vae_temporal_compression_ratio * pipe.transformer_temporal_patch_size,
    )


def _encode(pipe: Any, words: Prompt, tokens: int) -> Arguments:
    encoded = pipe.encode_prompt(
        prompt=words.prompt,
        negative_prompt=words.negative_prompt or "",
        do_classifier_free_guidance=words.is_guided,
        max_sequence_length=tokens,
    )
    return dict(zip(_MASK_FIELDS, encoded, strict=True))


def _ltx(pipe: Any, clip: Clip, conditions: Conditions) -> tuple[Any, Arguments]:
    placed = []
    if conditions.clip:
        placed.append(LTXVideoCondition(video=conditions.clip, frame_index=0))
    elif conditions.first is not None:
        placed.append(LTXVideoCondition(image=conditions.first, frame_index=0))
    if conditions.last is not None:  # counted in frames of the video
        placed.append(LTXVideoCondition(image=conditions.last, frame_index=clip.frames - 1))
    steps: Arguments = {"num_inference_steps": clip.steps}
    if clip.sigmas is not None:
        steps["timesteps"] = [1000 * sigma for sigma in clip.sigmas]
    more = _LTX_DECODING if clip.guidance <= 1.0 else {}
    return pipe, {"conditions": placed or None, "frame_rate": clip.fps, **steps, **more}


def _ltx2(pipe: Any, clip: Clip, conditions: Conditions) -> tuple[Any, Arguments]:
    placed = []
    if conditions.clip:
        placed.append(LTX2VideoCondition(frames=conditions.clip, index=0))
    elif conditions.first is not None:
        placed.append(LTX2VideoCondition(frames=conditions.first, index=0))
    if conditions.last is not None:  # counted in latent frames; -1 is the last one
        placed.append(LTX2VideoCondition(frames=conditions.last, index=-1))
    more: Arguments = {"num_inference_steps": clip.steps, "frame_rate": clip.fps}
    if clip.sigmas is not None:
        more["sigmas"] = list(clip.sigmas)
    config = pipe.transformer.config
    is_later = bool(config.cross_attn_mod or config.audio_cross_attn_mod)
    more["use_cross_timestep"] = is_later
    if clip.guidance <= 1.0:
        more |= _LTX2_UNGUIDED
    else:
        block = min(_LTX2_PERTURBED_BLOCK[is_later], config.num_layers - 1)
        more["spatio_temporal_guidance_blocks"] = [block]
    return pipe, {"conditions": placed or None, **more}


def _tokens_of(pipe: Any, clip: Clip) -> tuple[int, int, int]:
    return (
        (clip.frames - 1) // pipe.vae_temporal_compression_ratio + 1,
        clip.height // pipe.vae_spatial_compression_ratio,
        clip.width // pipe.vae_spatial_compression_ratio,
    )


def _latents(pipe: Any, latents: Any, clip: Clip, *, conditions_lead: bool) -> Any:
    frames, height, width = _tokens_of(pipe, clip)
    patch = pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size
    count = frames * height * width // (patch[0] ** 2 * patch[1])
    own = latents[:, -count:] if conditions_lead else latents[:, :count]
    # As the pipeline itself does after its last step.
    video = pipe._unpack_latents(own, frames, height, width, *patch)  # noqa: SLF001
    vae = pipe.vae
    return pipe._denormalize_latents(  # noqa: SLF001
        video, vae.latents_mean, vae.latents_std, vae.config.scaling_factor
    )


def _schedule(pipe: Any, clip: Clip, generator: Any) -> AbstractContextManager[None]:
    """Lend a scheduler that moves no noise level: a checkpoint's own one may, by its size."""
    refuse(clip.solver, "this family goes from one noise level to the next in one way only")
    if clip.sigmas is None:
        return nullcontext()
    steps = pipe.scheduler.config.num_train_timesteps
    return lend_scheduler(pipe, FlowMatchEulerDiscreteScheduler(steps, shift=1.0))


LTX: Final = Family(
    pipeline="LTXConditionPipeline",
    transformer="LTXVideoTransformer3DModel",
    check=_accept,
    grid=_grid,
    encode=lambda pipe, words: _encode(pipe, words, _LTX_TOKENS),
    inputs=_ltx,
    schedule=_schedule,
    latents=lambda pipe, latents, clip: _latents(pipe, latents, clip, conditions_lead=True),
)

LTX2: Final = Family(
    pipeline="LTX2ConditionPipeline",
    transformer="LTX2VideoTransformer3DModel",
    check=_accept,
    grid=_grid,
    encode=lambda pipe, words: _encode(pipe, words, _LTX2_TOKENS),
    inputs=_ltx2,
    schedule=_schedule,
    upsampler="LTX2LatentUpsamplerModel",
    sound_rate=lambda pipe: int(pipe.vocoder.config.output_sampling_rate),
    latents=lambda pipe, latents, clip: _latents(pipe, latents, clip, conditions_lead=False),
)
