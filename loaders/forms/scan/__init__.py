"""Documents that are pictures: pages straightened, rulings and text found, characters recognised.

Importing it loads none of the libraries that do this; the modules below it do.
"""

from loaders.forms.scan.installed import is_installed

__all__ = ["MAX_SCANNED", "NOT_INSTALLED", "NOT_READ", "NO_TEXT", "TOO_MANY", "is_installed"]

MAX_SCANNED = 120
"""Pages recognised of one document: each takes some seconds."""
TOO_MANY = f"扫描件超过 {MAX_SCANNED} 页，请只扫描台账所在的页后再导入"
NO_TEXT = "没有认出文字，请确认是台账的扫描件且字迹清楚，或换用 Word、Excel 原件后再导入"
NOT_INSTALLED = (
    "这是扫描件或照片，识别文字所需的组件没有装上，请重新运行安装命令"
    "（需要 rapidocr、onnxruntime、opencv-python-headless），或换用 Word、Excel 原件"
)
NOT_READ = (
    "是扫描的图片，识别文字所需的组件没有装上，没有读入，请重新运行安装命令后再导入，或另行补录"
)
"""What is doubtful of a page among others, without those parts."""
