namespace FunctionsAuth.Protocol.Wire;

/// <summary>OpenID Connect Registration §2, <c>application_type</c>.</summary>
public static class ApplicationTypes
{
    public const string Web = "web";
    public const string Native = "native";

    public static IReadOnlyList<string> All { get; } = [Web, Native];
}
