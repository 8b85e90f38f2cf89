"""Build tiny models that draw pictures or estimate depth, with random weights; see tiny_models."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import tokenizers
import torch
import transformers
from tiny_models import LETTERS, WIDTH, gemma_tokenizer, seeded, t5_text


def clip_text(kind: str = "CLIPTextModel") -> dict[str, Any]:
    """Return a tokenizer in which every letter is a token, and a text encoder of CLIP."""
    names = ["<|startoftext|>", "<|endoftext|>", *LETTERS, *(f"{one}</w>" for one in LETTERS)]
    tokenizer = transformers.CLIPTokenizer(
        vocab={name: number for number, name in enumerate(names)}, merges=[], model_max_length=77
    )
    config = transformers.CLIPTextConfig(
        vocab_size=len(names), hidden_size=WIDTH, intermediate_size=37, num_hidden_layers=2,
        num_attention_heads=4, projection_dim=WIDTH, bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    encoder = seeded(getattr(transformers, kind), config)
    return {"tokenizer": tokenizer, "text_encoder": encoder.eval()}


def image_vae(**more: Any) -> Any:
    """Return an autoencoder with the usual geometry: an eighth in width and height."""
    return seeded(
        diffusers.AutoencoderKL, block_out_channels=(4, 4, 8, 8), norm_num_groups=2,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4, sample_size=64, **more,
    )  # fmt: skip


def unet(**more: Any) -> Any:
    options = {
        "block_out_channels": (8, 16), "layers_per_block": 1, "sample_size": 8,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"), "cross_attention_dim": WIDTH,
        "attention_head_dim": 4, "norm_num_groups": 2,
    }  # fmt: skip
    return seeded(diffusers.UNet2DConditionModel, **options | more)


NO_CHECKER = {
    "safety_checker": None,
    "feature_extractor": None,
    "requires_safety_checker": False,
}


def stable_diffusion() -> Any:
    return diffusers.StableDiffusionPipeline(
        vae=image_vae(), unet=unet(), scheduler=diffusers.DDIMScheduler(steps_offset=1, clip_sample=False), **clip_text(),
        **NO_CHECKER,
    )  # fmt: skip


def latent_consistency() -> Any:
    return diffusers.LatentConsistencyModelPipeline(
        vae=image_vae(), unet=unet(time_cond_proj_dim=16), scheduler=diffusers.LCMScheduler(),
        **clip_text(), **NO_CHECKER,
    )  # fmt: skip


def stable_diffusion_xl() -> Any:
    second = clip_text("CLIPTextModelWithProjection")
    return diffusers.StableDiffusionXLPipeline(
        vae=image_vae(), scheduler=diffusers.EulerAncestralDiscreteScheduler(), **clip_text(),
        unet=unet(
            addition_embed_type="text_time", addition_time_embed_dim=8, cross_attention_dim=64,
            projection_class_embeddings_input_dim=6 * 8 + WIDTH, use_linear_projection=True,
            transformer_layers_per_block=(1, 2), attention_head_dim=(2, 4),
        ),
        tokenizer_2=second["tokenizer"], text_encoder_2=second["text_encoder"],
    )  # fmt: skip


def flux() -> Any:
    second = t5_text("T5")
    transformer = seeded(
        diffusers.FluxTransformer2DModel, patch_size=1, in_channels=16, num_layers=1,
        num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=WIDTH, pooled_projection_dim=WIDTH, axes_dims_rope=[4, 4, 8],
    )  # fmt: skip
    return diffusers.FluxPipeline(
        transformer=transformer, vae=image_vae(shift_factor=0.06, scaling_factor=1.5),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(), **clip_text(),
        tokenizer_2=second["tokenizer"], text_encoder_2=second["text_encoder"],
    )  # fmt: skip


def z_image() -> Any:
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer = transformers.Qwen2Tokenizer(
        vocab={name: number for number, name in enumerate([*special, *alphabet])}, merges=[]
    )
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}<|im_end|>{% endfor %}"
    )
    config = transformers.Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=37, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=8, bos_token_id=None,
        eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    transformer = seeded(
        diffusers.ZImageTransformer2DModel, in_channels=4, dim=32, n_layers=1, n_refiner_layers=1,
        n_heads=2, n_kv_heads=2, cap_feat_dim=WIDTH, axes_dims=[4, 4, 8], axes_lens=[512, 64, 64],
    )  # fmt: skip
    return diffusers.ZImagePipeline(
        transformer=transformer, vae=image_vae(shift_factor=0.06, scaling_factor=1.5),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0), tokenizer=tokenizer,
        text_encoder=seeded(transformers.Qwen3Model, config).eval(),
    )  # fmt: skip


def lumina() -> Any:
    tokenizer = gemma_tokenizer()
    config = transformers.Gemma2Config(
        vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=37, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=8, sliding_window=64,
    )  # fmt: skip
    transformer = seeded(
        diffusers.Lumina2Transformer2DModel, sample_size=8, in_channels=4, hidden_size=24,
        num_layers=1, num_refiner_layers=1, num_attention_heads=3, num_kv_heads=1, multiple_of=16,
        axes_dim_rope=(4, 2, 2), axes_lens=(512, 64, 64), cap_feat_dim=WIDTH,
    )  # fmt: skip
    return diffusers.Lumina2Pipeline(
        transformer=transformer, vae=image_vae(shift_factor=0.06, scaling_factor=1.5),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(), tokenizer=tokenizer,
        text_encoder=seeded(transformers.Gemma2Model, config).eval(),
    )  # fmt: skip


PIPELINES: dict[str, Callable[[], Any]] = {
    "sd": stable_diffusion,
    "lcm": latent_consistency,
    "sdxl": stable_diffusion_xl,
    "flux": flux,
    "z-image": z_image,
    "lumina": lumina,
}
"""Pipelines that draw pictures: with U-Nets and transformers, guided and not."""


def write_pictures(name: str, folder: Path) -> Path:
    """Write one of the pipelines to *folder*/*name*, and return where it is."""
    path = folder / name
    PIPELINES[name]().save_pretrained(path)
    return path


def write_depth(folder: Path, **more: Any) -> Path:
    """Write a tiny depth model to *folder*, and return it."""
    backbone = transformers.Dinov2Config(
        hidden_size=16, num_hidden_layers=4, num_attention_heads=2, mlp_ratio=2, image_size=56,
        patch_size=14, out_features=["stage1", "stage2", "stage3", "stage4"],
        reshape_hidden_states=False,
    )  # fmt: skip
    config = transformers.DepthAnythingConfig(
        backbone_config=backbone, reassemble_hidden_size=16, patch_size=14,
        neck_hidden_sizes=[8, 8, 16, 16], fusion_hidden_size=8, head_hidden_size=8, **more,
    )  # fmt: skip
    model = seeded(transformers.DepthAnythingForDepthEstimation, config, seed=4)
    with torch.no_grad():
        model.head.conv3.bias.fill_(1.0)  # a random head may be below zero everywhere, which is cut
    model.save_pretrained(folder)
    return folder
