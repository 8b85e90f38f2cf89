"""
Build tiny models with random weights: complete pipelines of diffusers, of a few hundred kilobytes.

Their autoencoders have the geometry of the real ones, so sizes and frame counts are tested for real.
Random weights hide what they are given, so the parts that carry an image are made louder: then a
test can see which image was the keyframe.

``python tests/local/tiny_models.py FOLDER [NAME...]`` writes them to a folder, one for each family.
"""

import copy
import os
import string
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"

import diffusers
import torch
import transformers
from diffusers.pipelines.ltx2 import LTX2LatentUpsamplerModel, LTX2TextConnectors
from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder

torch.set_num_threads(1)

WIDTH = 32
"""The width of each text encoder."""

LETTERS = string.ascii_letters + string.digits + string.punctuation


def seeded(make: Callable[..., Any], *arguments: Any, seed: int = 0, **options: Any) -> Any:
    torch.manual_seed(seed)
    return make(*arguments, **options)


# Text: every letter is a token, so any prompt has tokens of its own.


def t5_tokenizer() -> Any:
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    vocabulary = special + [(letter, -3.0) for letter in LETTERS]
    return transformers.T5TokenizerFast(
        vocab=vocabulary, extra_ids=0, additional_special_tokens=None, model_max_length=512
    )


def t5_text(kind: str) -> dict[str, Any]:
    tokenizer = t5_tokenizer()
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(tokenizer), d_model=WIDTH, d_kv=8, d_ff=37, num_layers=2, num_heads=4,
        dropout_rate=0.0,
    )  # fmt: skip
    encoder = seeded(getattr(transformers, f"{kind}EncoderModel"), config)
    return {"tokenizer": tokenizer, "text_encoder": encoder.eval()}


def gemma_tokenizer() -> Any:
    names = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "\u2581"]
    names += [f"<0x{byte:02X}>" for byte in range(256)]
    names += [letter for letter in LETTERS if letter not in names]
    return transformers.GemmaTokenizer(
        vocab={name: number for number, name in enumerate(names)}, merges=[], model_max_length=1024
    )


def gemma_text() -> dict[str, Any]:
    tokenizer = gemma_tokenizer()
    config = transformers.Gemma3Config(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": WIDTH, "intermediate_size": 64,
            "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
            "head_dim": 8, "sliding_window": 64, "max_position_embeddings": 2048,
        },
        vision_config={
            "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
            "num_attention_heads": 2, "image_size": 28, "patch_size": 14,
        },
        mm_tokens_per_image=4,
    )  # fmt: skip
    encoder = seeded(transformers.Gemma3ForConditionalGeneration, config)
    return {"tokenizer": tokenizer, "text_encoder": encoder.eval()}


# Wan


def noise(*shape: int, seed: int) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def two_pictures() -> list[torch.Tensor]:
    ramp = torch.linspace(-1, 1, 96).expand(1, 3, 1, 64, 96)
    return [noise(1, 3, 1, 64, 96, seed=0), ramp]


def latent_of(vae: Any, video: torch.Tensor) -> torch.Tensor:
    return vae.encode(video).latent_dist.mode()


def make_wan_vae_louder(vae: Any) -> Any:
    """
    Let latents of two pictures differ by about 1, in the last frame as in the first.

    Untouched, they differ by a thousandth, and frames after the first by a thirtieth of that:
    they pass more random convolutions.
    """
    grey = torch.zeros(1, 3, 9, 64, 96)
    first, last = grey.clone(), grey.clone()
    first[:, :, 0] = last[:, :, -1] = noise(1, 3, 64, 96, seed=1)
    in_time = [m for name, m in vae.encoder.named_modules() if name.endswith("time_conv")]
    with torch.no_grad():
        for _ in range(8):
            plain = latent_of(vae, grey)
            loud = (latent_of(vae, first) - plain)[:, :, 0].std()
            quiet = (latent_of(vae, last) - plain)[:, :, -1].std()
            for module in in_time:
                module.weight.mul_((loud / quiet) ** (0.5 / len(in_time)))
        one, other = (latent_of(vae, picture) for picture in two_pictures())
        vae.encoder.conv_out.weight.mul_(1 / (one - other).std())
        pictures = [
            vae.decode(
                3 * torch.randn(one.shape, generator=torch.Generator().manual_seed(n))
            ).sample
            for n in (0, 1)
        ]
        vae.decoder.conv_out.weight.mul_(0.5 / (pictures[0] - pictures[1]).std().clamp(min=1e-6))
    return vae


@cache
def wan_vae_16() -> Any:
    """The geometry of Wan 2.1: an eighth in space, a quarter in time."""
    vae = seeded(
        diffusers.AutoencoderKLWan, seed=1, base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1],
        num_res_blocks=1, temperal_downsample=[False, True, True],
    )  # fmt: skip
    return make_wan_vae_louder(vae)


def wan_vae_48() -> Any:
    """The geometry of Wan 2.2 TI2V: a sixteenth in space, a quarter in time."""
    vae = seeded(
        diffusers.AutoencoderKLWan, base_dim=3, z_dim=48, in_channels=12, out_channels=12,
        is_residual=True, patch_size=2, latents_mean=[0.0] * 48, latents_std=[1.0] * 48,
        dim_mult=[1, 1, 1, 1], num_res_blocks=1, scale_factor_spatial=16, scale_factor_temporal=4,
        temperal_downsample=[False, True, True],
    )  # fmt: skip
    return make_wan_vae_louder(vae)


WAN_TRANSFORMER = {
    "patch_size": (1, 2, 2), "num_attention_heads": 2, "attention_head_dim": 12, "text_dim": WIDTH,
    "freq_dim": 256, "ffn_dim": 32, "num_layers": 2, "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads", "rope_max_seq_len": 1024,
}  # fmt: skip


def wan_transformer(channels_in: int, channels_out: int) -> Any:
    channels = {"in_channels": channels_in, "out_channels": channels_out}
    return seeded(diffusers.WanTransformer3DModel, **WAN_TRANSFORMER, **channels)


def wan_parts() -> dict[str, Any]:
    scheduler = diffusers.UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    return {"scheduler": scheduler, **t5_text("UMT5")}


def wan_text_to_video() -> Any:
    """Belongs to no family: it has neither images nor expanded timesteps."""
    return diffusers.WanPipeline(
        transformer=wan_transformer(16, 16), vae=copy.deepcopy(wan_vae_16()), **wan_parts()
    )


def wan_ti2v() -> Any:
    return diffusers.WanPipeline(
        transformer=wan_transformer(48, 48), vae=wan_vae_48(), expand_timesteps=True, **wan_parts()
    )


def wan_i2v() -> Any:
    return diffusers.WanImageToVideoPipeline(
        transformer=wan_transformer(36, 16), transformer_2=wan_transformer(36, 16),
        vae=copy.deepcopy(wan_vae_16()), image_encoder=None, image_processor=None,
        boundary_ratio=0.9, **wan_parts(),
    )  # fmt: skip


def wan_vace() -> Any:
    options = {**WAN_TRANSFORMER, "num_layers": 3, "in_channels": 16, "out_channels": 16}
    transformer = seeded(
        diffusers.WanVACETransformer3DModel, **options, vace_layers=[0, 2], vace_in_channels=96
    )
    for block in transformer.vace_blocks:  # the path of the images starts at nearly nothing
        for weight in block.parameters():
            if weight.ndim > 1:
                torch.nn.init.normal_(weight, std=0.5)
        torch.nn.init.normal_(block.proj_out.weight, std=5.0)
    torch.nn.init.normal_(transformer.vace_patch_embedding.weight, std=5.0)
    return diffusers.WanVACEPipeline(
        transformer=transformer, vae=copy.deepcopy(wan_vae_16()), **wan_parts()
    )


# LTX


def make_attention_louder(transformer: Any) -> Any:
    """Keyframes of LTX are more tokens: they act through attention alone."""
    with torch.no_grad():
        for name, module in transformer.named_modules():
            if name.endswith("attn1.to_v"):
                module.weight.mul_(8)
    return transformer


def make_ltx_vae_louder(vae: Any) -> Any:
    with torch.no_grad():
        one, other = (latent_of(vae, picture) for picture in two_pictures())
        vae.encoder.conv_out.conv.weight.mul_(1 / (one - other).std())
    return vae


LTX_VAE = {
    "in_channels": 3, "out_channels": 3, "block_out_channels": (8, 8, 8, 8),
    "decoder_block_out_channels": (8, 8, 8), "layers_per_block": (1, 1, 1, 1, 1),
    "decoder_layers_per_block": (1, 1, 1, 1),
    "decoder_spatio_temporal_scaling": (True, True, True), "decoder_inject_noise": (False,) * 4,
    "upsample_residual": (False,) * 3, "upsample_factor": (1,) * 3, "timestep_conditioning": False,
    "patch_size": 4, "patch_size_t": 1, "encoder_causal": True, "decoder_causal": False,
}  # fmt: skip
"""The geometry of LTX: a thirty-second in space, an eighth in time."""


def ltx() -> Any:
    transformer = seeded(
        diffusers.LTXVideoTransformer3DModel, in_channels=8, out_channels=8, patch_size=1,
        patch_size_t=1, num_attention_heads=4, attention_head_dim=8, cross_attention_dim=32,
        num_layers=2, caption_channels=WIDTH,
    )  # fmt: skip
    vae = seeded(
        diffusers.AutoencoderKLLTXVideo, **LTX_VAE, latent_channels=8,
        spatio_temporal_scaling=(True, True, True, False),
    )  # fmt: skip
    return diffusers.LTXConditionPipeline(
        transformer=make_attention_louder(transformer), vae=make_ltx_vae_louder(vae),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(), **t5_text("T5"),
    )  # fmt: skip


def ltx2() -> Any:
    text = gemma_text()
    layers = text["text_encoder"].config.text_config.num_hidden_layers
    transformer = seeded(
        diffusers.LTX2VideoTransformer3DModel, in_channels=4, out_channels=4, patch_size=1,
        patch_size_t=1, num_attention_heads=2, attention_head_dim=8, cross_attention_dim=16,
        audio_in_channels=4, audio_out_channels=4, audio_num_attention_heads=2,
        audio_attention_head_dim=4, audio_cross_attention_dim=8, num_layers=2,
        qk_norm="rms_norm_across_heads", caption_channels=WIDTH, rope_double_precision=False,
        rope_type="split",
    )  # fmt: skip
    connectors = seeded(
        LTX2TextConnectors, caption_channels=WIDTH, text_proj_in_factor=layers + 1,
        video_connector_num_attention_heads=4, video_connector_attention_head_dim=8,
        video_connector_num_layers=1, video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=4, audio_connector_attention_head_dim=8,
        audio_connector_num_layers=1, audio_connector_num_learnable_registers=None,
        connector_rope_base_seq_len=32, rope_theta=10000.0, rope_double_precision=False,
        causal_temporal_positioning=False, rope_type="split",
    )  # fmt: skip
    vae = seeded(
        diffusers.AutoencoderKLLTX2Video,
        **{**LTX_VAE, "block_out_channels": (8, 8, 8), "layers_per_block": (1, 1, 1, 1)},
        latent_channels=4, spatio_temporal_scaling=(True, True, True),
        downsample_type=("spatiotemporal",) * 3,
    )  # fmt: skip
    audio_vae = seeded(
        diffusers.AutoencoderKLLTX2Audio, base_channels=4, output_channels=2, ch_mult=(1,),
        num_res_blocks=1, attn_resolutions=None, in_channels=2, resolution=32, latent_channels=2,
        norm_type="pixel", causality_axis="height", dropout=0.0, mid_block_add_attention=False,
        sample_rate=16000, mel_hop_length=160, is_causal=True, mel_bins=8,
    )  # fmt: skip
    vocoder = seeded(
        LTX2Vocoder, in_channels=16, hidden_channels=32, out_channels=2,
        upsample_kernel_sizes=[4, 4], upsample_factors=[2, 2], resnet_kernel_sizes=[3],
        resnet_dilations=[[1, 3, 5]], leaky_relu_negative_slope=0.1, output_sampling_rate=16000,
    )  # fmt: skip
    return diffusers.LTX2ConditionPipeline(
        transformer=make_attention_louder(transformer), vae=make_ltx_vae_louder(vae),
        audio_vae=audio_vae, connectors=connectors, vocoder=vocoder,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(), **text,
    )  # fmt: skip


MODELS: dict[str, Callable[[], Any]] = {
    "wan2.2-ti2v": wan_ti2v,
    "wan2.1-vace": wan_vace,
    "wan2.2-i2v": wan_i2v,
    "ltx": ltx,
    "ltx2": ltx2,
}
"""One model for each family of the worker."""


def write_model(name: str, folder: Path) -> Path:
    """Write one model to *folder*/*name*, and return where it is."""
    path = folder / name
    pipe = wan_text_to_video() if name == "wan-text" else MODELS[name]()
    pipe.save_pretrained(path)
    return path


def add_upsampler(folder: Path) -> None:
    """Add to an LTX-2 the model that enlarges its latents."""
    upsampler = seeded(
        LTX2LatentUpsamplerModel, in_channels=4, mid_channels=32, num_blocks_per_stage=1
    )
    upsampler.save_pretrained(folder / "latent_upsampler")


if __name__ == "__main__":
    for each in sys.argv[2:] or MODELS:
        print(write_model(each, Path(sys.argv[1])))
