"""Names of invented people, as they are borne: given name and family name that go together. Pure data."""

import random
from typing import NamedTuple


class Name(NamedTuple):
    """As the person writes it, and how to read it."""

    name: str
    latin: str = ""


class Pool(NamedTuple):
    """Names of one origin; `weight` says how common they are."""

    weight: int
    given: list[str]
    family: list[str]


def _pool(weight: int, given: str, family: str) -> Pool:
    return Pool(weight, given.split(), family.split())


_POOLS = (
    _pool(
        62,
        """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan
        Joseph Jessica Thomas Karen Charles Sarah Daniel Nancy Matthew Lisa Anthony Margaret Mark Sandra Emily
        Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah Timothy Rebecca
        Ronald Laura Jason Cynthia Ryan Amy Gary Shirley Eric Anna Stephen Brenda Larry Nicole Scott Ruth Samuel""",
        """Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin
        White Harris Clark Lewis Robinson Walker Hall Allen Young King Wright Scott Hill Green Adams Baker Nelson
        Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook
        Rogers Cooper Reed Bailey Bell Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray Hughes Foster""",
    ),
    _pool(
        18,
        "María José Carmen Luis Ana Carlos Rosa Juan Elena Miguel Lucía Diego Sofía Javier Isabel Andrés",
        "García Martínez Rodríguez López Hernández González Pérez Sánchez Ramírez Torres Flores Rivera",
    ),
    _pool(
        8,
        "Priya Rahul Anjali Vikram Neha Arjun Kavita Sanjay Deepa Rohan Meera Amit",
        "Patel Sharma Gupta Reddy Nair Iyer Mehta Desai Rao Kapoor",
    ),
    _pool(
        5,
        "Chinedu Ngozi Emeka Amaka Tunde Folake Ifeoma Segun",
        "Okafor Adeyemi Eze Balogun Nwosu Okonkwo",
    ),
    _pool(7, "Kim Linh Minh Thuy Anh Huy Mai Duc", "Nguyen Tran Le Pham Vo Dang"),
)
_CHINESE = _pool(
    0,
    """伟Wei 芳Fang 娜Na 敏Min 静Jing 秀英Xiuying 丽Li 强Qiang 磊Lei 军Jun 洋Yang 勇Yong 艳Yan 杰Jie 娟Juan 涛Tao 明Ming
    超Chao 秀兰Xiulan 霞Xia 平Ping 刚Gang 桂英Guiying 雨欣Yuxin 子涵Zihan 梓轩Zixuan 欣怡Xinyi 浩然Haoran 思远Siyuan
    佳琪Jiaqi 晓东Xiaodong 志强Zhiqiang 建国Jianguo 海燕Haiyan 文博Wenbo 雪梅Xuemei 嘉怡Jiayi 俊杰Junjie 婷婷Tingting
    国华Guohua 春梅Chunmei 玉兰Yulan 立新Lixin 永强Yongqiang 晓明Xiaoming 慧敏Huimin 家豪Jiahao 诗涵Shihan 宇航Yuhang
    美玲Meiling 丽华Lihua 振宇Zhenyu 雅婷Yating 志明Zhiming 淑芬Shufen 天佑Tianyou 若曦Ruoxi 博文Bowen 红梅Hongmei""",
    """王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 赵Zhao 吴Wu 周Zhou 徐Xu 孙Sun 马Ma 朱Zhu 胡Hu 郭Guo 何He 林Lin 高Gao
    罗Luo 郑Zheng 梁Liang 谢Xie 宋Song 唐Tang 许Xu 邓Deng 韩Han 冯Feng 曹Cao 彭Peng 曾Zeng 肖Xiao 田Tian 董Dong 潘Pan
    袁Yuan 蔡Cai 蒋Jiang 余Yu 于Yu 杜Du 叶Ye 程Cheng 魏Wei 苏Su 吕Lü 丁Ding 沈Shen 姚Yao""",
)


def english_name(rng: random.Random) -> Name:
    """Somebody who lives in the United States or the United Kingdom."""
    pool = rng.choices(_POOLS, [pool.weight for pool in _POOLS])[0]
    return Name(f"{rng.choice(pool.given)} {rng.choice(pool.family)}")


def chinese_name(rng: random.Random) -> Name:
    """Family name first, and the reading beside it."""
    family, given = _split(rng.choice(_CHINESE.family)), _split(rng.choice(_CHINESE.given))
    return Name(family[0] + given[0], f"{family[1]} {given[1]}")


def _split(entry: str) -> tuple[str, str]:
    characters = "".join(char for char in entry if ord(char) > 0x2E80)
    return characters, entry.removeprefix(characters)
