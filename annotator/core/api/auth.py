"""Signing in: sessions for the browser, tokens for scripts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from annotator.core.errors import DomainError


class CredentialsInput(serializers.Serializer[Any]):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)


class TokenOutput(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Token …`.")


class MeOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    is_staff = serializers.BooleanField()


class WrongCredentialsError(DomainError):
    status = 401


def _check(request: Request) -> Any:
    data = CredentialsInput(data=request.data)
    data.is_valid(raise_exception=True)
    user = authenticate(request._request, **data.validated_data)
    if user is None:
        raise WrongCredentialsError("wrong_credentials", "User name or password is wrong.")
    return user


class _SignInView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "login"


class TokenView(_SignInView):
    @extend_schema(request=CredentialsInput, responses=TokenOutput)
    def post(self, request: Request) -> Response:
        """A token for scripts."""
        token, _ = Token.objects.get_or_create(user=_check(request))
        return Response({"token": token.key})


class LoginView(_SignInView):
    @extend_schema(request=CredentialsInput, responses=MeOutput)
    def post(self, request: Request) -> Response:
        """Opens a browser session."""
        user = _check(request)
        login(request._request, user)
        return Response(MeOutput(user).data)


class LogoutView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Ends the browser session."""
        logout(request._request)
        return Response(status=204)


@method_decorator(ensure_csrf_cookie, name="dispatch")
class MeView(APIView):
    @extend_schema(responses=MeOutput)
    def get(self, request: Request) -> Response:
        """Who is signed in; sets the CSRF cookie in any case."""
        return Response(MeOutput(request.user).data)
