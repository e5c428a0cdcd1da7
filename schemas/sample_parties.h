// The fictitious parties and codes of the sample data. Division 99xxxx is not the code of any
// province (schemas/data/divisions/gb2260.csv); the check characters are right (GB 32100, GB
// 11714). The licence types are defined by the fictitious approval bureau: an operator replaces
// them by the national definitions (C0xxx series) with the codes of the defining ministries.
#pragma once

#include <string_view>

namespace lh::schemas::sample {

inline constexpr std::string_view kDivision = "990100";  // 测试市
inline constexpr std::string_view kDistrict = "990102";  // 测试区

inline constexpr std::string_view kApprovalBureau = "11990100MB99000131";  // 测试市行政审批服务局
inline constexpr std::string_view kApprovalBureauName = "测试市行政审批服务局";
inline constexpr std::string_view kMarketSupervision =
    "11990100MB9900021U";  // 测试市市场监督管理局
inline constexpr std::string_view kMarketSupervisionName = "测试市市场监督管理局";
inline constexpr std::string_view kPublicSecurity = "11990100MB990003XK";  // 测试市公安局
inline constexpr std::string_view kPublicSecurityName = "测试市公安局";
inline constexpr std::string_view kHealthCommission = "11990100MB9900048K";  // 测试市卫生健康委员会
inline constexpr std::string_view kHealthCommissionName = "测试市卫生健康委员会";

inline constexpr std::string_view kBusinessLicence = "11990100MB99000131001";  // 营业执照
inline constexpr std::string_view kFoodBusinessLicence = "11990100MB99000131002";  // 食品经营许可证
inline constexpr std::string_view kIdentityCard = "11990100MB99000131003";       // 居民身份证
inline constexpr std::string_view kHealthCertificate = "11990100MB99000131004";  // 健康证明
inline constexpr std::string_view kLocalBusinessLicence =
    "11990100MB99000131005";  // foreign register

inline constexpr std::string_view kFoodBusinessMatter =
    "11990100MB990001310000000000001";  // 食品经营许可

inline constexpr std::string_view kBusinessRegistration =
    "11990100MB9900021U0000000000001";  // 企业设立登记
inline constexpr std::string_view kIdentityCardIssue =
    "11990100MB990003XK0000000000001";  // 居民身份证申领
inline constexpr std::string_view kHealthCertificateIssue =
    "11990100MB9900048K0000000000001";  // 从业人员健康证明核发

}  // namespace lh::schemas::sample
