namespace FunctionsAuth.Protocol.Wire;

/// <summary>The audience that a client's assertions must name, if the settings restrict it.</summary>
public static class AssertionAudiences
{
    public const string Issuer = "issuer";
}
