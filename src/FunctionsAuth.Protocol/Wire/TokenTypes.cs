namespace FunctionsAuth.Protocol.Wire;

/// <summary>What a client is told of the use of an access token.</summary>
public static class TokenTypes
{
    public const string Bearer = "Bearer";
    public const string Dpop = "DPoP";

    public static string Of(bool isDpop) => isDpop ? Dpop : Bearer;
}
